using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary>
/// A model as a client writes it: blanks around it do not count, and a suffix may say where it runs (<c>:local</c>,
/// <c>:cloud</c>, or a tag that ends in <c>-cloud</c>).
/// </summary>
/// <param name="Text">The name without blanks and suffix, in the client's spelling.</param>
/// <param name="Name">The name, checked and complete.</param>
internal sealed record ModelReference(string Text, ModelName Name)
{
    private const string Local = ":local";
    private const string Cloud = ":cloud";
    private const string CloudTag = "-cloud";

    /// <summary>Reads the reference of a request.</summary>
    /// <exception cref="ModelException">It is empty, ambiguous or no name.</exception>
    /// <exception cref="ApiException">It names a model of ollama.com.</exception>
    public static ModelReference Parse(string model, RouteKind route)
    {
        var text = model.Trim();
        if (text.Length == 0)
        {
            throw Empty(route);
        }

        var (rest, isCloud) = TakeSuffix(text);
        CheckUnambiguous(model, text, rest);
        if (!ModelName.TryParse(rest, out var name))
        {
            throw new ModelException(ModelErrorCode.NameInvalid, model);
        }

        if (isCloud)
        {
            // There is no way from here to ollama.com, so its models are what Ollama calls disabled.
            throw new ApiException(
                route == RouteKind.Show ? ApiErrorCode.CloudDetailsDisabled : ApiErrorCode.CloudDisabled);
        }

        return new ModelReference(rest, name);
    }

    /// <summary>
    /// Reads the name of what lies in the library, where models of ollama.com keep a tag that says so: <c>m:cloud</c>
    /// for <c>m:cloud</c>, <c>m:20b-cloud</c> for <c>m:20b:cloud</c>. Null when it is no name.
    /// </summary>
    /// <exception cref="ModelException">It is empty or ambiguous.</exception>
    public static ModelName? ParseStored(string model)
    {
        var text = model.Trim();
        if (text.Length == 0)
        {
            throw Empty(RouteKind.Delete);
        }

        var (rest, isCloud) = TakeSuffix(text);
        CheckUnambiguous(model, text, rest);
        var stored = !isCloud || !text.EndsWith(Cloud, StringComparison.OrdinalIgnoreCase) ? isCloud ? text : rest
            : rest.LastIndexOf(':') > rest.LastIndexOf('/') ? rest + CloudTag
            : text;
        return ModelName.TryParse(stored, out var name) ? name : null;
    }

    /// <summary>The name of a model that runs here; null for what is none.</summary>
    /// <param name="model">The name in the client's spelling.</param>
    public static ModelName? ReadLocal(string model)
    {
        var (rest, isCloud) = TakeSuffix(model.Trim());
        return !isCloud && ModelName.TryParse(rest, out var name) ? name : null;
    }

    /// <summary>Whether a client asks for a model that runs here.</summary>
    /// <param name="model">The name in the client's spelling.</param>
    public static bool IsLocal(string model) =>
        model.AsSpan().TrimEnd().EndsWith(Local, StringComparison.OrdinalIgnoreCase);

    private static void CheckUnambiguous(string model, string text, string rest)
    {
        if (rest.Length != text.Length && TakeSuffix(rest).Remainder.Length != rest.Length)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid,
                model,
                $"use either :local or :cloud, not both: {GoText.Quote(model)}");
        }
    }

    private static ModelException Empty(RouteKind route) => route switch
    {
        RouteKind.Generate or RouteKind.Embed => new ModelException(ModelErrorCode.ModelNotFound, ""),
        _ => new ModelException(ModelErrorCode.RequestInvalid, "", "model is required"),
    };

    private static (string Remainder, bool IsCloud) TakeSuffix(string text)
    {
        if (text.EndsWith(Local, StringComparison.OrdinalIgnoreCase))
        {
            return (text[..^Local.Length], false);
        }

        if (text.EndsWith(Cloud, StringComparison.OrdinalIgnoreCase))
        {
            return (text[..^Cloud.Length], true);
        }

        // my-cloud is a model; m:20b-cloud is m:20b on ollama.com.
        var tagged = text.LastIndexOf(':') > text.LastIndexOf('/');
        return tagged && text.EndsWith(CloudTag, StringComparison.OrdinalIgnoreCase)
            ? (text[..^CloudTag.Length], true)
            : (text, false);
    }
}
