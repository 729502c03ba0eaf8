using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>A manifest's config blob. Names on the wire are Ollama's.</summary>
public sealed record ModelConfig
{
    /// <summary><c>gguf</c> or <c>safetensors</c>.</summary>
    [JsonPropertyName("model_format")]
    public string? Format { get; init; }

    /// <summary>Architecture family.</summary>
    [JsonPropertyName("model_family")]
    public string? Family { get; init; }

    /// <summary>All families.</summary>
    [JsonPropertyName("model_families")]
    public IReadOnlyList<string>? Families { get; init; }

    /// <summary>Human parameter count.</summary>
    [JsonPropertyName("model_type")]
    public string? ParameterSize { get; init; }

    /// <summary>File type of the weights.</summary>
    [JsonPropertyName("file_type")]
    public string? FileType { get; init; }

    /// <summary>Name of a built-in renderer.</summary>
    [JsonPropertyName("renderer")]
    public string? Renderer { get; init; }

    /// <summary>Name of a built-in parser.</summary>
    [JsonPropertyName("parser")]
    public string? Parser { get; init; }

    /// <summary>Least server version.</summary>
    [JsonPropertyName("requires")]
    public string? Requires { get; init; }

    /// <summary>Server that runs the model instead of this one.</summary>
    [JsonPropertyName("remote_host")]
    public string? RemoteHost { get; init; }

    /// <summary>The model's name on that server.</summary>
    [JsonPropertyName("remote_model")]
    public string? RemoteModel { get; init; }

    /// <summary>What the model can do, lower case.</summary>
    [JsonPropertyName("capabilities")]
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Trained context length in tokens.</summary>
    [JsonPropertyName("context_length")]
    public long? ContextTokens { get; init; }

    /// <summary>Width of the hidden state.</summary>
    [JsonPropertyName("embedding_length")]
    public long? EmbeddingLength { get; init; }

    /// <summary>The model that this one was made from.</summary>
    [JsonPropertyName("base_name")]
    public string? ParentModel { get; init; }

    /// <summary>Always <c>amd64</c>, as registries want one.</summary>
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; } = "amd64";

    /// <summary>Always <c>linux</c>, as registries want one.</summary>
    [JsonPropertyName("os")]
    public string? OperatingSystem { get; init; } = "linux";

    /// <summary>Reads a config blob.</summary>
    /// <exception cref="JsonException">The bytes are no config.</exception>
    public static ModelConfig Parse(ReadOnlySpan<byte> json) => ManifestJson.ReadConfig(json);

    /// <summary>Writes the config blob.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelConfig);
}
