using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Library;

/// <summary>Decides what a model can do, from its config, weights, projectors and templates, in this order.</summary>
internal static class ModelCapabilities
{
    public static IReadOnlyList<ModelCapability> Of(
        ModelLayers layers, Weights? weights, IReadOnlyList<GgufFile> projectors, bool goTemplateUsed)
    {
        var found = new List<ModelCapability>();
        foreach (var name in layers.Config.Capabilities ?? [])
        {
            // The parser would take numbers, too.
            if (Enum.TryParse<ModelCapability>(name, ignoreCase: true, out var capability)
                && char.IsAsciiLetter(name[0]))
            {
                found.Add(capability);
            }
        }

        if (weights is not null)
        {
            found.AddRange(OfWeights(weights, layers.Template, goTemplateUsed));
        }

        if (projectors.Count > 0)
        {
            found.Add(ModelCapability.Vision);
            if (projectors.Any(file => file.FindBool("clip.has_audio_encoder") == true))
            {
                found.Add(ModelCapability.Audio);
            }
        }

        found.AddRange(layers.TemplateCapabilities);
        var (tools, thinking) = ChatFormat.AbilitiesOf(layers.Config.Parser ?? "");
        found.AddRange(tools ? [ModelCapability.Tools] : []);
        found.AddRange(thinking || IsReasoningFamily(layers.Config.Family ?? weights?.Description.Architecture)
            ? [ModelCapability.Thinking]
            : []);
        return [.. found.Distinct()];
    }

    // gpt-oss has no way not to reason, whatever its template says.
    private static bool IsReasoningFamily(string? family) => family is "gptoss" or "gpt-oss";

    private static IEnumerable<ModelCapability> OfWeights(
        Weights weights, string? goTemplate, bool goTemplateUsed)
    {
        var description = weights.Description;
        if (!goTemplateUsed && description.ChatTemplate is { } template)
        {
            foreach (var capability in TemplateCapabilities.OfJinja(template))
            {
                yield return capability;
            }
        }

        yield return description.HasRanking ? ModelCapability.Rerank
            : description.HasPooling ? ModelCapability.Embedding
            : ModelCapability.Completion;
        if (weights.File.FindInteger(description.Architecture + ".vision.block_count") is not null)
        {
            yield return ModelCapability.Vision;
        }

        if (weights.File.FindInteger(description.Architecture + ".audio.block_count") is not null)
        {
            yield return ModelCapability.Audio;
        }

        // Without a Go template nothing else could say so; the three tokens are all that filling a gap needs.
        if (goTemplate is null && !description.HasPooling
            && description is { FimPrefixToken: not null, FimSuffixToken: not null, FimMiddleToken: not null })
        {
            yield return ModelCapability.Insert;
        }
    }
}
