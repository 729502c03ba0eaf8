using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Ollama.Wire;

/// <summary>The answer of <c>/api/tags</c>.</summary>
/// <param name="Models">Latest change first.</param>
internal sealed record TagsReply(IReadOnlyList<TagWire> Models);

/// <summary>One model of the library.</summary>
internal sealed record TagWire
{
    /// <summary>Shortest display name with tag.</summary>
    public required string Name { get; init; }

    /// <summary>The same.</summary>
    public required string Model { get; init; }

    /// <summary>The model's name on the server that runs it.</summary>
    public string? RemoteModel { get; init; }

    /// <summary>The server that runs it instead of this one.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>RFC 3339 in the server's zone.</summary>
    public required string ModifiedAt { get; init; }

    /// <summary>Bytes of all layers and the config.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Size { get; init; }

    /// <summary>Digest of the manifest, without prefix.</summary>
    public required string Digest { get; init; }

    /// <summary>Format, family and sizes.</summary>
    public required DetailsWire Details { get; init; }

    /// <summary>What the model can do.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }
}

/// <summary>Format, family and sizes of a model.</summary>
internal sealed record DetailsWire
{
    /// <summary>The model it was made from.</summary>
    public required string ParentModel { get; init; }

    /// <summary>File format.</summary>
    public required string Format { get; init; }

    /// <summary>Architecture family.</summary>
    public required string Family { get; init; }

    /// <summary>All families; null is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<string>? Families { get; init; }

    /// <summary>Human parameter count.</summary>
    public required string ParameterSize { get; init; }

    /// <summary>File type of the weights.</summary>
    public required string QuantizationLevel { get; init; }

    /// <summary>Trained context length in tokens; lists only.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Length of an embedding; lists only.</summary>
    public int? EmbeddingLength { get; init; }
}

/// <summary>The answer of <c>/api/ps</c>.</summary>
/// <param name="Models">Latest expiry first.</param>
internal sealed record ProcessReply(IReadOnlyList<ProcessWire> Models);

/// <summary>One loaded model.</summary>
internal sealed record ProcessWire
{
    /// <summary>Shortest display name with tag.</summary>
    public required string Name { get; init; }

    /// <summary>The same.</summary>
    public required string Model { get; init; }

    /// <summary>Bytes on all devices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Size { get; init; }

    /// <summary>Digest of the manifest, without prefix.</summary>
    public required string Digest { get; init; }

    /// <summary>Format, family and sizes.</summary>
    public required DetailsWire Details { get; init; }

    /// <summary>RFC 3339 in the server's zone.</summary>
    public required string ExpiresAt { get; init; }

    /// <summary>Bytes on GPUs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long SizeVram { get; init; }

    /// <summary>Tokens one sequence may occupy.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int ContextLength { get; init; }
}

/// <summary>The answer of <c>/api/show</c>. Empty texts and lists are null, so that they are left out.</summary>
internal sealed record ShowReply
{
    /// <summary>Licence texts.</summary>
    public string? License { get; init; }

    /// <summary>A Modelfile that makes the model again.</summary>
    public string? Modelfile { get; init; }

    /// <summary>Parameters, one line a value.</summary>
    public string? Parameters { get; init; }

    /// <summary>The template in effect.</summary>
    public string? Template { get; init; }

    /// <summary>The system text.</summary>
    public string? System { get; init; }

    /// <summary>Format, family and sizes.</summary>
    public required DetailsWire Details { get; init; }

    /// <summary>Messages that precede every conversation.</summary>
    public IReadOnlyList<MessageWire>? Messages { get; init; }

    /// <summary>Metadata of the weights; always written.</summary>
    public required IReadOnlyDictionary<string, JsonElement> ModelInfo { get; init; }

    /// <summary>Metadata of the projector.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ProjectorInfo { get; init; }

    /// <summary>Tensors of the weights.</summary>
    public IReadOnlyList<TensorWire>? Tensors { get; init; }

    /// <summary>What the model can do.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>RFC 3339 in the server's zone.</summary>
    public required string ModifiedAt { get; init; }

    /// <summary>Least server version.</summary>
    public string? Requires { get; init; }
}

/// <summary>One tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, fastest varying first.</param>
internal sealed record TensorWire(string Name, string Type, IReadOnlyList<long> Shape);
