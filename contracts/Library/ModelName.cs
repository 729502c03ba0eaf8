using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Contracts.Library;

/// <summary>
/// <c>[host/][namespace/]model[:tag]</c>, with the defaults filled in. The grammar is Ollama's: letters, digits,
/// <c>_</c>, <c>-</c> and, outside the namespace, <c>.</c>; a part begins with a letter, a digit or <c>_</c>.
/// </summary>
public sealed record ModelName
{
    /// <summary>Ollama's own registry, which a name without host means.</summary>
    public const string DefaultHost = "registry.ollama.ai";

    /// <summary>The namespace of a name without one.</summary>
    public const string DefaultNamespace = "library";

    /// <summary>The tag of a name without one.</summary>
    public const string DefaultTag = "latest";

    private const int HostLengthMax = 350;
    private const int PartLengthMax = 80;

    /// <summary>Joins four parts that were checked before.</summary>
    /// <exception cref="FormatException">A part breaks the grammar.</exception>
    public ModelName(string host, string @namespace, string model, string tag)
    {
        if (!IsHost(host) || !IsPart(@namespace, dotAllowed: false) || !IsPart(model, dotAllowed: true)
            || !IsPart(tag, dotAllowed: true))
        {
            throw new FormatException("invalid model name");
        }

        (Host, Namespace, Model, Tag) = (host, @namespace, model, tag);
    }

    /// <summary>Registry host, port included where one was given.</summary>
    public string Host { get; }

    /// <summary>Owner of the model within the registry.</summary>
    public string Namespace { get; }

    /// <summary>The model without its tag.</summary>
    public string Model { get; }

    /// <summary>Variant of the model.</summary>
    public string Tag { get; }

    /// <summary>Shortest form that still has the tag: default host and default namespace are left out.</summary>
    public string DisplayName => (Host, Namespace) switch
    {
        (DefaultHost, DefaultNamespace) => $"{Model}:{Tag}",
        (DefaultHost, _) => $"{Namespace}/{Model}:{Tag}",
        _ => $"{Host}/{Namespace}/{Model}:{Tag}",
    };

    /// <summary>Reads a name; blanks around it and a leading <c>scheme://</c> are dropped.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelName? name)
    {
        name = null;
        if (text is null || text.Length > HostLengthMax + (4 * PartLengthMax))
        {
            return false;
        }

        var rest = text.Trim();
        var schemeEnd = rest.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd >= 0)
        {
            rest = rest[(schemeEnd + 3)..];
        }

        var (tag, host, owner) = (DefaultTag, DefaultHost, DefaultNamespace);
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            (tag, rest) = (rest[(colon + 1)..], rest[..colon]);
        }

        // From the right: model, namespace, and whatever is left is the host.
        var slash = rest.LastIndexOf('/');
        var model = rest[(slash + 1)..];
        if (slash >= 0)
        {
            rest = rest[..slash];
            slash = rest.LastIndexOf('/');
            owner = rest[(slash + 1)..];
            host = slash >= 0 ? rest[..slash] : DefaultHost;
        }

        if (!IsHost(host) || !IsPart(owner, dotAllowed: false) || !IsPart(model, dotAllowed: true)
            || !IsPart(tag, dotAllowed: true))
        {
            return false;
        }

        name = new ModelName(host, owner, model, tag);
        return true;
    }

    /// <summary>All four parts, as error messages show them.</summary>
    public override string ToString() => $"{Host}/{Namespace}/{Model}:{Tag}";

    private static bool IsHost(string text) =>
        text.Length is > 0 and <= HostLengthMax && IsFirst(text[0])
        && text.AsSpan(1).IndexOfAnyExcept(HostCharacters) < 0;

    private static bool IsPart(string text, bool dotAllowed) =>
        text.Length is > 0 and <= PartLengthMax && IsFirst(text[0])
        && text.AsSpan(1).IndexOfAnyExcept(dotAllowed ? DottedCharacters : PlainCharacters) < 0;

    private static bool IsFirst(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly System.Buffers.SearchValues<char> PlainCharacters =
        System.Buffers.SearchValues.Create(Alphanumeric + "_-");

    private static readonly System.Buffers.SearchValues<char> DottedCharacters =
        System.Buffers.SearchValues.Create(Alphanumeric + "_-.");

    private static readonly System.Buffers.SearchValues<char> HostCharacters =
        System.Buffers.SearchValues.Create(Alphanumeric + "_-.:");
}
