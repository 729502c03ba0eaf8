using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Library;

/// <summary>What a new model is to be made of. Empty texts and lists say nothing and change nothing.</summary>
public sealed record CreationRequest
{
    /// <summary>The model to make.</summary>
    public required ModelName Name { get; init; }

    /// <summary>The model to begin with; null when files do.</summary>
    public ModelName? From { get; init; }

    /// <summary>
    /// Uploaded files to make the weights of, where no model is begun with; null when none were named.
    /// </summary>
    public IReadOnlyList<CreationFile>? Files { get; init; }

    /// <summary>Uploaded files of a draft model.</summary>
    public IReadOnlyList<CreationFile> DraftFiles { get; init; } = [];

    /// <summary>Uploaded files of an adapter; null when none were named.</summary>
    public IReadOnlyList<CreationFile>? Adapters { get; init; }

    /// <summary>A Go template in place of the model's own.</summary>
    public string Template { get; init; } = "";

    /// <summary>A system text in place of the model's own.</summary>
    public string System { get; init; } = "";

    /// <summary>Licence texts to add.</summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>Parameters by wire name, over the model's own.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = GenerationRequest.NoOptions;

    /// <summary>Messages in place of the model's own.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>Name of a built-in renderer.</summary>
    public string Renderer { get; init; } = "";

    /// <summary>Name of a built-in parser.</summary>
    public string Parser { get; init; } = "";

    /// <summary>Least server version.</summary>
    public string Requires { get; init; } = "";

    /// <summary>File type to quantize the weights to, in any case.</summary>
    public string Quantize { get; init; } = "";

    /// <summary>File type to quantize the draft model to, in any case; needs files of one.</summary>
    public string DraftQuantize { get; init; } = "";

    /// <summary>
    /// A Modelfile that says all of the above, as older clients send it; fields that are set win over it.
    /// </summary>
    public string Modelfile { get; init; } = "";

    /// <summary>What the client knows of the model better than its files; null when it says nothing.</summary>
    public ModelClaims? Claims { get; init; }
}

/// <summary>An uploaded file.</summary>
/// <param name="Path">
/// Its name, relative to the folder of the model, with forward slashes; never leads out of it.
/// </param>
/// <param name="Digest">Its content.</param>
public sealed record CreationFile(string Path, Digest Digest);

/// <summary>What a client says of a model; null where it says nothing.</summary>
public sealed record ModelClaims
{
    /// <summary>What it can do, lower case.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Architecture family.</summary>
    public string? Family { get; init; }

    /// <summary>The model that it was made from.</summary>
    public string? ParentModel { get; init; }

    /// <summary>File type of the weights.</summary>
    public string? QuantizationLevel { get; init; }

    /// <summary>Human parameter count.</summary>
    public string? ParameterSize { get; init; }

    /// <summary>Trained context length in tokens.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Length of an embedding.</summary>
    public long? EmbeddingLength { get; init; }
}
