using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Library;

/// <summary>A name resolved: everything that serving the model needs to know of it.</summary>
public sealed record ModelDescription
{
    /// <summary>The name in the spelling of the library.</summary>
    public required ModelName Name { get; init; }

    /// <summary>Digest of the manifest's bytes.</summary>
    public required Digest ManifestDigest { get; init; }

    /// <summary>Format, family and sizes.</summary>
    public required ModelDetails Details { get; init; }

    /// <summary>What the model can do.</summary>
    public required IReadOnlyList<ModelCapability> Capabilities { get; init; }

    /// <summary>The weights, a GGUF blob.</summary>
    public required Digest Weights { get; init; }

    /// <summary>Multimodal encoders.</summary>
    public IReadOnlyList<Digest> Projectors { get; init; } = [];

    /// <summary>LoRA adapters.</summary>
    public IReadOnlyList<Digest> Adapters { get; init; } = [];

    /// <summary>A smaller model with the same vocabulary that proposes tokens; null for none.</summary>
    public DraftDescription? Draft { get; init; }

    /// <summary>Text of the template layer (a Go template); null when there is none.</summary>
    public string? Template { get; init; }

    /// <summary>
    /// The template layer is in effect even where the weights carry a chat template of their own.
    /// </summary>
    public bool GoTemplateUsed { get; init; }

    /// <summary>Text of the system layer; null when there is none.</summary>
    public string? System { get; init; }

    /// <summary>The params layer by wire name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = GenerationRequest.NoOptions;

    /// <summary>Messages that precede every conversation.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>Name of a built-in renderer; null when a template decides.</summary>
    public string? Renderer { get; init; }

    /// <summary>Name of a built-in parser; null when the template implies it.</summary>
    public string? Parser { get; init; }

    /// <summary>The weights' own metadata that rendering, options and memory estimates need.</summary>
    public required WeightsDescription WeightsDescription { get; init; }
}
