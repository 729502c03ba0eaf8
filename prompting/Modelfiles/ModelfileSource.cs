using System.Text.Json;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>Everything that a Modelfile of an existing model says.</summary>
public sealed record ModelfileSource
{
    /// <summary>The model.</summary>
    public required ModelName Name { get; init; }

    /// <summary>Absolute path of the weights; null where they are several files: the name stands for them.</summary>
    public string? WeightsPath { get; init; }

    /// <summary>Absolute paths of the adapters.</summary>
    public IReadOnlyList<string> AdapterPaths { get; init; } = [];

    /// <summary>Absolute paths of the projectors.</summary>
    public IReadOnlyList<string> ProjectorPaths { get; init; } = [];

    /// <summary>Absolute paths of draft models.</summary>
    public IReadOnlyList<string> DraftPaths { get; init; } = [];

    /// <summary>The template; null or empty when there is none.</summary>
    public string? Template { get; init; }

    /// <summary>The system text; null or empty when there is none.</summary>
    public string? System { get; init; }

    /// <summary>Name of a built-in renderer; null when there is none.</summary>
    public string? Renderer { get; init; }

    /// <summary>Name of a built-in parser; null when there is none.</summary>
    public string? Parser { get; init; }

    /// <summary>Least server version; null when there is none.</summary>
    public string? Requires { get; init; }

    /// <summary>The parameters by wire name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = GenerationRequest.NoOptions;

    /// <summary>The licence texts.</summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>Messages that precede every conversation.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];
}
