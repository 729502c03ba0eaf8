using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Modelfiles;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Refuses what could not be served before hours go into converting weights for it.</summary>
internal static class RequestCheck
{
    /// <summary>The request, when template, version, renderer, parser and file types can be used.</summary>
    /// <exception cref="ModelException">One of them is not.</exception>
    public static CreationRequest Check(CreationRequest request)
    {
        if (TemplateCheck.FindFailure(request.Template) is { } reason)
        {
            throw Invalid($"template error: {reason}");
        }

        if (request.Renderer.Length > 0 && !ChatFormat.HasRenderer(request.Renderer))
        {
            throw Invalid($"unknown renderer \"{request.Renderer}\"");
        }

        try
        {
            request = request with { Requires = ModelfileParameters.CheckVersion(request.Requires) };
        }
        catch (ModelfileException failure)
        {
            throw Invalid(failure.Message);
        }

        if (request.Quantize.Length > 0)
        {
            WeightsRefinement.ReadTarget(request.Quantize);
        }

        if (request.DraftQuantize.Length > 0)
        {
            WeightsRefinement.ReadTarget(request.DraftQuantize);
            if (request.DraftFiles.Count == 0)
            {
                // The Modelfile named none either.
                throw Invalid("--draft-quantize requires a DRAFT model");
            }
        }

        return request.Parser.Length == 0 || ChatFormat.HasParser(request.Parser)
            ? request
            : throw Invalid($"unknown parser \"{request.Parser}\"");
    }

    private static ModelException Invalid(string detail) => new(ModelErrorCode.RequestInvalid, detail: detail);
}
