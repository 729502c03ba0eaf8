using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Models of registries: found, brought here blob by blob, and sent there. Safe for any number of callers.
/// </summary>
public sealed class RegistryClient
{
    private readonly RegistryHttp _http;
    private readonly RegistryAuthorizer _authorizer;
    private readonly BlobDownloads _downloads;
    private readonly Retries _retries;
    private readonly RegistryOptions _options;
    private readonly StorePaths _paths;
    private readonly TransferRate _rate;
    private readonly TimeProvider _time;

    internal RegistryClient(
        RegistryHttp http, RegistryAuthorizer authorizer, BlobDownloads downloads, Retries retries,
        IOptions<RegistryOptions> options, StorePaths paths, TransferRate rate, TimeProvider time) =>
        (_http, _authorizer, _downloads, _retries, _options, _paths, _rate, _time) =
            (http, authorizer, downloads, retries, options.Value, paths, rate, time);

    /// <summary>Reads the manifest of a model from the first registry that has it.</summary>
    /// <exception cref="TransferException">None has it, or what it has is no manifest.</exception>
    public async Task<RemoteModel> FindAsync(ModelName name, bool insecure, CancellationToken cancellationToken)
    {
        var sessions = RegistrySource.ForPull(name, insecure, _options).Select(Open).ToList();
        foreach (var (index, session) in sessions.Index())
        {
            try
            {
                // A mirror that does not answer is not waited for: there is somebody else to ask.
                var bytes = index < sessions.Count - 1
                    ? await RegistryReader.GetManifestAsync(session, name.Tag, cancellationToken)
                    : await GetManifestAsync(session, name.Tag, cancellationToken);

                // The one that has the manifest is asked for the blobs first.
                return new RemoteModel(
                    ManifestJson.ReadManifest(bytes), bytes, [session, .. sessions.Where(other => other != session)]);
            }
            catch (Exception failure) when (
                failure is TransferException or JsonException && index < sessions.Count - 1)
            {
                // A mirror that fails or lacks the model costs time and nothing else.
            }
            catch (TransferException failure)
            {
                throw new TransferException($"pull model manifest: {failure.Message}", failure)
                {
                    IsNotFound = failure.IsNotFound,
                };
            }
            catch (JsonException failure)
            {
                throw new TransferException($"pull model manifest: {failure.Message}", failure);
            }
        }

        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>Begins to bring a blob of a model, or joins those who wait for it already.</summary>
    public BlobTransfer Download(RemoteModel model, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(model);
        return _downloads.Start(layer, model.Sources);
    }

    /// <summary>How much of a blob is still to be brought, in bytes; what an earlier attempt left counts.</summary>
    public long CountMissing(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Size - PartialBlob.CountCompleted(_paths.PartialBlob(layer.Digest), layer.Size);
    }

    /// <summary>The repository that a model of this name is pushed to.</summary>
    /// <exception cref="TransferException">The request asks to go without TLS where that is not allowed.</exception>
    public RemoteRepository OpenForPush(ModelName name, bool insecure)
    {
        var session = Open(RegistrySource.ForPush(name, insecure, _options));
        return new RemoteRepository(session, _retries, (layer, path, mountFrom) => new BlobUpload(
            session, _http, layer, path, mountFrom, _options, _retries, _rate, _time));
    }

    private RegistrySession Open(RegistrySource source) => new(source, _http, _authorizer);

    private Task<byte[]> GetManifestAsync(RegistrySession session, string tag, CancellationToken cancellationToken) =>
        _retries.RunAsync(
            async aborted =>
            {
                try
                {
                    return await RegistryReader.GetManifestAsync(session, tag, aborted);
                }
                catch (TransferException failure) when (failure.IsUnreachable)
                {
                    // Nothing has begun that were worth waiting for; a wrong name is told at once.
                    throw new TransferException(failure.Message, failure);
                }
            },
            () => 0,
            cancellationToken);
}

/// <summary>A model as a registry has it.</summary>
public sealed class RemoteModel
{
    internal RemoteModel(Manifest manifest, byte[] bytes, IReadOnlyList<RegistrySession> sources) =>
        (Manifest, Bytes, Sources) = (manifest, bytes, sources);

    /// <summary>What the manifest says.</summary>
    public Manifest Manifest { get; }

    /// <summary>The manifest itself, which is stored as it came.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    internal IReadOnlyList<RegistrySession> Sources { get; }
}
