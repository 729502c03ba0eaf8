using System.Text.Json.Serialization;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>What the list says of a manifest under any name, and the files that it was read from.</summary>
internal sealed record SummaryRecord
{
    public required Digest Manifest { get; init; }

    /// <summary>The blobs, in the order of <see cref="ModelSummaries"/>.</summary>
    public required IReadOnlyList<FileTime> Files { get; init; }

    public required ModelDetails Details { get; init; }

    public required IReadOnlyList<ModelCapability> Capabilities { get; init; }

    public string? RemoteHost { get; init; }

    public string? RemoteModel { get; init; }

    public static SummaryRecord Of(ModelSummary summary, IReadOnlyList<FileTime> files) => new()
    {
        Manifest = summary.ManifestDigest,
        Files = files,
        Details = summary.Details,
        Capabilities = summary.Capabilities,
        RemoteHost = summary.RemoteHost,
        RemoteModel = summary.RemoteModel,
    };

    public ModelSummary ToSummary(ManifestHead head) => new()
    {
        Name = head.Name,
        ManifestDigest = head.Digest,
        ModifiedAt = head.ModifiedAt,
        TotalBytes = head.TotalBytes,
        Details = Details,
        Capabilities = Capabilities,
        RemoteHost = RemoteHost,
        RemoteModel = RemoteModel,
    };
}

/// <summary>The file of them.</summary>
/// <param name="Reader">The program that read the models: another one may see other things in them.</param>
/// <param name="Models">What it saw.</param>
internal sealed record SummaryList(string Reader, IReadOnlyList<SummaryRecord> Models);

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SummaryList))]
internal sealed partial class SummaryJson : JsonSerializerContext;
