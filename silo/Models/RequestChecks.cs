using System.Runtime.InteropServices;
using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Refuses what a model cannot do, in Ollama's order: thinking, completion, then everything else together.
/// </summary>
internal static class RequestChecks
{
    private const int TopLogProbCountMax = 20;

    /// <summary>Checks a generation.</summary>
    /// <exception cref="ModelException">The model lacks something, or the request contradicts itself.</exception>
    public static void Check(GenerationRequest request, ModelDescription model)
    {
        if (request.TopLogProbCount is < 0 or > TopLogProbCountMax)
        {
            throw Invalid(request, $"top_logprobs must be between 0 and {TopLogProbCountMax}");
        }

        if (request.Raw && (request.Template is not null || request.System is not null || request.Context.Count > 0))
        {
            throw Invalid(request, "raw mode does not support template, system, or context");
        }

        if (request.PromptTokens.Count > 0
            && (!request.Raw || request.Prompt.Length > 0 || request.Suffix is { Length: > 0 }))
        {
            throw Invalid(request, "a prompt of tokens is raw and has neither text nor suffix");
        }

        if (request.Think is { Enabled: true } && !model.Capabilities.Contains(ModelCapability.Thinking))
        {
            throw new ModelException(ModelErrorCode.ThinkingUnsupported, request.Model);
        }

        CheckCompletion(request.Model, model);
        var missing = Needed(request).Where(capability => !model.Capabilities.Contains(capability)).ToArray();
        if (missing.Length > 0)
        {
            throw Missing(request.Model, missing);
        }

        if (!request.Raw && TextLength(request) > ChatFormat.TextLengthMax)
        {
            // No context is as long, and a template would break off in the middle.
            throw new ModelException(ModelErrorCode.ContextExceeded, request.Model);
        }

        CheckContext(request, model.WeightsDescription);
        CheckTokens(request.Model, request.PromptTokens, model.WeightsDescription);
        CheckImages(request);
        FormatGrammar.Compile(request, model.Parameters);
    }

    /// <summary>Checks documents to score.</summary>
    /// <exception cref="ModelException">The model does not rank, or there is nothing to score, or too much.</exception>
    public static void Check(RerankRequest request, ModelDescription model)
    {
        if (!model.WeightsDescription.HasRanking)
        {
            throw Missing(request.Model, [ModelCapability.Rerank]);
        }

        if (request.Query.Length == 0)
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, request.Model, "query must not be empty");
        }

        if (request.Documents.Count > RerankRequest.DocumentCountMax)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, request.Model,
                $"{request.Documents.Count} documents are too many: at most {RerankRequest.DocumentCountMax}");
        }
    }

    /// <summary>Refuses a model that continues no text.</summary>
    /// <exception cref="ModelException">The model lacks the capability.</exception>
    public static void CheckCompletion(string name, ModelDescription model)
    {
        if (!model.Capabilities.Contains(ModelCapability.Completion))
        {
            throw Missing(name, [ModelCapability.Completion]);
        }
    }

    /// <summary>Refuses tokens that are none of a model.</summary>
    /// <exception cref="ModelException">A token is not in the vocabulary.</exception>
    public static void CheckTokens(string name, IReadOnlyList<int> tokens, WeightsDescription weights)
    {
        foreach (var token in tokens)
        {
            if (!IsToken(token, weights))
            {
                throw new ModelException(
                    ModelErrorCode.RequestInvalid, name,
                    $"{token} is no token of this model, whose vocabulary has {TokenCount(weights)}");
            }
        }
    }

    private static bool IsToken(int token, WeightsDescription weights) => token >= 0 && token < TokenCount(weights);

    private static int TokenCount(WeightsDescription weights) =>
        weights.VocabularySize > 0 ? weights.VocabularySize : int.MaxValue;

    private static IEnumerable<ModelCapability> Needed(GenerationRequest request)
    {
        if (request.Tools.Count > 0)
        {
            yield return ModelCapability.Tools;
        }

        if (request.Suffix is { Length: > 0 })
        {
            yield return ModelCapability.Insert;
        }

        if (HasImages(request))
        {
            yield return ModelCapability.Vision;
        }
    }

    private static bool HasImages(GenerationRequest request) => Images(request).Any();

    private static IEnumerable<ReadOnlyMemory<byte>> Images(GenerationRequest request) =>
        request.Messages.SelectMany(message => message.Images).Concat(request.Images);

    /// <summary>About how many characters a template will have to write.</summary>
    private static long TextLength(GenerationRequest request) =>
        request.Prompt.Length + (request.Suffix?.Length ?? 0) + (request.System?.Length ?? 0)
        + request.Messages.Sum(message => (long)message.Content.Length + (message.Thinking?.Length ?? 0)
            + message.ToolCalls.Sum(call => (long)Length(call.Arguments)))
        + request.Tools.Sum(tool => (long)Length(tool.Definition));

    private static int Length(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    private static void CheckContext(GenerationRequest request, WeightsDescription weights)
    {
        if (request.Context.Any(token => !IsToken(token, weights)))
        {
            throw Invalid(request, "context contains a token that the model does not have");
        }
    }

    /// <summary>Refuses what is no image, and what this version does not do yet, so that nothing is ignored.</summary>
    private static void CheckImages(GenerationRequest request)
    {
        foreach (var (index, image) in Images(request).Index())
        {
            if (ImageKind.Find(image.Span) is null)
            {
                throw Invalid(request, $"image {index} is none of PNG, JPEG, WebP, GIF and BMP");
            }
        }

        if (HasImages(request))
        {
            throw new ModelException(
                ModelErrorCode.Unsupported, request.Model, "image input is not supported yet");
        }
    }

    private static ModelException Invalid(GenerationRequest request, string detail) =>
        new(ModelErrorCode.RequestInvalid, request.Model, detail);

    private static ModelException Missing(string name, IEnumerable<ModelCapability> capabilities) =>
        new(
            ModelErrorCode.CapabilityMissing, name,
            string.Join(',', capabilities.Select(capability => capability.ToString().ToLowerInvariant())));
}
