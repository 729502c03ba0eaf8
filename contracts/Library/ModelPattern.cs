using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;

namespace Ollama.Platform.Contracts.Library;

/// <summary>
/// Names of models, with <c>*</c> for any text within a part and <c>?</c> for one character. A lone <c>*</c> is every
/// model, <c>HOST/*</c> every model of a registry; what is left out in front means the default registry and namespace,
/// and without a tag all tags are meant.
/// </summary>
public sealed record ModelPattern
{
    private const int LengthMax = 600;
    private const string Any = "*";

    private readonly string _host;
    private readonly string _namespace;
    private readonly string _model;
    private readonly string _tag;

    private ModelPattern(string host, string @namespace, string model, string tag) =>
        (_host, _namespace, _model, _tag) = (host, @namespace, model, tag);

    /// <summary>Reads a pattern.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelPattern? pattern)
    {
        pattern = null;
        var rest = text?.Trim() ?? "";
        if (rest == Any)
        {
            pattern = new ModelPattern(Any, Any, Any, Any);
            return true;
        }

        var (tag, colon) = (Any, rest.LastIndexOf(':'));
        if (colon > rest.LastIndexOf('/'))
        {
            (tag, rest) = (rest[(colon + 1)..], rest[..colon]);
        }

        var read = rest.Split('/') switch
        {
            [var model] => new ModelPattern(ModelName.DefaultHost, ModelName.DefaultNamespace, model, tag),
            // No namespace has a dot or a colon.
            [var host, Any] when host.AsSpan().ContainsAny('.', ':') => new ModelPattern(host, Any, Any, tag),
            [var owner, var model] => new ModelPattern(ModelName.DefaultHost, owner, model, tag),
            [var host, var owner, var model] => new ModelPattern(host, owner, model, tag),
            _ => null,
        };
        pattern = rest.Length <= LengthMax && read?.CouldMatch() == true ? read : null;
        return pattern is not null;
    }

    /// <summary>Tells whether a model is meant, in whatever case it is written.</summary>
    public bool Matches(ModelName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Matches(_host, name.Host) && Matches(_namespace, name.Namespace) && Matches(_model, name.Model)
            && Matches(_tag, name.Tag);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_host}/{_namespace}/{_model}:{_tag}";

    private static bool Matches(string pattern, string part) =>
        FileSystemName.MatchesSimpleExpression(pattern, part, ignoreCase: true);

    // Whatever is no wildcard must be what a name can hold.
    private bool CouldMatch()
    {
        var sample = ToString().Replace('*', 'a').Replace('?', 'a');
        return ModelName.TryParse(sample, out var name) && name.ToString() == sample;
    }
}
