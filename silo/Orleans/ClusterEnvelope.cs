using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Silo.Wire;
using Orleans;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>The one thing that crosses silos: a record in our own versioned encoding.</summary>
/// <param name="content">The encoded record; empty for none.</param>
[GenerateSerializer]
[Immutable]
[Alias("ollama.envelope")]
public readonly struct ClusterEnvelope(byte[] content)
{
    /// <summary>The encoded record; empty for none.</summary>
    [Id(0)]
    public byte[] Content { get; } = content;

    internal static ClusterEnvelope Of<T>(T record, JsonTypeInfo<T> type) => new(ClusterEncoding.Encode(record, type));

    internal T Open<T>(JsonTypeInfo<T> type) => ClusterEncoding.Decode(Content, type);
}
