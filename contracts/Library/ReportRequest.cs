using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Library;

/// <summary>What a report of a model is to tell.</summary>
public sealed record ReportRequest
{
    /// <summary>Keeps metadata arrays (tokenizer tables), which can be megabytes.</summary>
    public bool ArraysIncluded { get; init; }

    /// <summary>A system text in place of the model's, also in its Modelfile; empty for the model's own.</summary>
    public string System { get; init; } = "";

    /// <summary>Parameters that its Modelfile has besides the model's, or in their place.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = GenerationRequest.NoOptions;
}
