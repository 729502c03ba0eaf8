using System.Text.Json;
using System.Text.RegularExpressions;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>The manifests of one machine, as its registry serves and takes them.</summary>
internal sealed partial class LocalManifests(ManifestFiles manifests, ModelWriter writer) : IManifests
{
    /// <inheritdoc/>
    public Task<ManifestContent?> FindAsync(ModelName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(manifests.Read(name) is { } manifest ? ToContent(manifest) : null);
        }
        catch (JsonException failure)
        {
            throw Invalid(name, failure);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelName>> ListAsync(CancellationToken cancellationToken) =>
        Task.Run(() => manifests.List((head, _) => head.Name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<ManifestContent> WriteAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            return ToContent(await writer.WriteVerifiedAsync(name, bytes, cancellationToken));
        }
        catch (JsonException failure)
        {
            throw Invalid(name, failure);
        }
    }

    private static ManifestContent ToContent(StoredManifest manifest)
    {
        // The sender wrote it; a browser must not take the answer for a page, nor a header end in the middle of it.
        var claimed = manifest.Manifest.MediaType;
        var type = ManifestType().IsMatch(claimed) ? claimed : MediaTypes.Manifest;
        return new ManifestContent(manifest.Name, manifest.Digest, type, manifest.Bytes);
    }

    private static ModelException Invalid(ModelName name, JsonException failure) => new(
        new Refusal(ModelErrorCode.ModelFileInvalid, name.DisplayName, failure.Message), failure);

    [GeneratedRegex(@"^application/vnd\.[a-zA-Z0-9.+_-]{1,200}\z")]
    private static partial Regex ManifestType();
}
