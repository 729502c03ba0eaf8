using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>
/// The summaries that stand in the code above wire records and their properties. Without the file that the compiler
/// writes beside the program the specification merely explains less.
/// </summary>
internal sealed partial class DocumentationComments
{
    private readonly Dictionary<string, string> _summaries = new(StringComparer.Ordinal);

    /// <summary>Reads the file of this assembly.</summary>
    public static DocumentationComments Load()
    {
        var comments = new DocumentationComments();
        var name = typeof(DocumentationComments).Assembly.GetName().Name + ".xml";
        try
        {
            comments.Add(XDocument.Load(Path.Combine(AppContext.BaseDirectory, name)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or XmlException)
        {
            comments._summaries.Clear();
        }

        return comments;
    }

    /// <summary>The summary of a type; null for none.</summary>
    public string? OfType(Type type) => _summaries.GetValueOrDefault("T:" + NameOf(type));

    /// <summary>The summary of a property; null for none.</summary>
    public string? OfProperty(Type type, string property) =>
        _summaries.GetValueOrDefault($"P:{NameOf(type)}.{property}");

    private void Add(XDocument document)
    {
        foreach (var member in document.Descendants("member"))
        {
            var name = (string?)member.Attribute("name") ?? "";
            if (member.Element("summary") is { } summary)
            {
                _summaries[name] = ToText(summary);
            }
        }
    }

    private static string NameOf(Type type)
    {
        var written = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return (written.FullName ?? written.Name).Replace('+', '.');
    }

    private static string ToText(XElement element) => Blanks().Replace(
        string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => NameIn(see),
            XElement other => other.Value,
            _ => node is XText text ? text.Value : "",
        })).Trim(),
        " ");

    private static string NameIn(XElement see) => ((string?)see.Attribute("cref") ?? "").Split('.')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
