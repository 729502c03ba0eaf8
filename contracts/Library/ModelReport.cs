using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Library;

/// <summary>Everything <c>/api/show</c> tells of a model.</summary>
public sealed record ModelReport
{
    /// <summary>The resolved model.</summary>
    public required ModelSummary Summary { get; init; }

    /// <summary>All licence texts, joined by a line feed.</summary>
    public string License { get; init; } = "";

    /// <summary>A Modelfile that makes this model again.</summary>
    public string Modelfile { get; init; } = "";

    /// <summary>The parameters, one line a value.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>The template in effect.</summary>
    public string Template { get; init; } = "";

    /// <summary>The system text.</summary>
    public string System { get; init; } = "";

    /// <summary>Messages that precede every conversation.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>GGUF metadata in file order; arrays are null unless asked for.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = GenerationRequest.NoOptions;

    /// <summary>Metadata of the projector; null when there is none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ProjectorMetadata { get; init; }

    /// <summary>The tensors of the weights.</summary>
    public IReadOnlyList<TensorDescription> Tensors { get; init; } = [];

    /// <summary>Least server version that the model asks for; null when none.</summary>
    public string? Requires { get; init; }
}

/// <summary>Name, element type and shape (innermost dimension first) of one tensor.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Element type as llama.cpp spells it, e.g. <c>Q4_K</c>.</param>
/// <param name="Shape">Dimensions, fastest varying first.</param>
public sealed record TensorDescription(string Name, string Type, IReadOnlyList<long> Shape);
