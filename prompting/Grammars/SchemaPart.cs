using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A schema within the document, and which of its alternatives were chosen already.</summary>
/// <param name="Element">The schema: an object, or true or false.</param>
/// <param name="Pointer">Where it stands.</param>
/// <param name="AnyOfChosen">One of <c>anyOf</c> stands beside it.</param>
/// <param name="OneOfChosen">One of <c>oneOf</c> stands beside it.</param>
internal sealed record SchemaPart(
    JsonElement Element, string Pointer, bool AnyOfChosen = false, bool OneOfChosen = false)
{
    /// <summary>Tells apart what has to be compiled apart.</summary>
    public string Key => $"{Pointer}{(AnyOfChosen ? "?" : "")}{(OneOfChosen ? "!" : "")}";

    /// <summary>A keyword's value, if it has one.</summary>
    public JsonElement? Find(string keyword) =>
        Element.TryGetProperty(keyword, out var value) ? value : null;

    /// <summary>Where a keyword stands.</summary>
    public string PointerTo(string keyword) => $"{Pointer}/{Escape(keyword)}";

    /// <summary>The schema that a keyword holds.</summary>
    public SchemaPart Child(string keyword, JsonElement schema) => new(schema, PointerTo(keyword));

    /// <summary>The schema that a member of a keyword's object or list holds.</summary>
    public SchemaPart Child(string keyword, string member, JsonElement schema) =>
        new(schema, $"{PointerTo(keyword)}/{Escape(member)}");

    /// <summary>Refuses one of its keywords.</summary>
    public GrammarException Error(string keyword, string problem) => new(PointerTo(keyword), problem);

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
