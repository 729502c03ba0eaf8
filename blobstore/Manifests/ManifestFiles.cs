using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>
/// Manifests as files. Nothing is remembered that the disk could contradict: a parsed manifest is kept only as long
/// as its file's time and length stay the same. Safe for any number of callers.
/// </summary>
public sealed partial class ManifestFiles(StorePaths paths, TimeProvider time, ILogger<ManifestFiles> logger)
{
    private const int KeptCountMax = 4096;

    // Most are a kilobyte long; parsed, a manifest takes about three times its length.
    private const long KeptBytesMax = 32L * 1024 * 1024;

    // A head takes half a kilobyte.
    private const int HeadCountMax = 64 * 1024;

    private readonly Complaints _complaints = new();
    private readonly FreshFiles<ManifestHead> _heads = new(time, HeadCountMax, long.MaxValue, _ => 0);
    private readonly FreshFiles<StoredManifest> _parsed =
        new(time, KeptCountMax, KeptBytesMax, manifest => manifest.Bytes.Length);

    /// <summary>Reads a manifest in any spelling of its name; null when there is none.</summary>
    /// <exception cref="JsonException">The file is no manifest.</exception>
    public StoredManifest? Read(ModelName name)
    {
        // The usual case is the exact spelling, which costs one look at the disk.
        if (ReadExactly(name) is { } exact)
        {
            return exact;
        }

        var other = ManifestNames.FindIgnoringCase(paths.Manifests, name);
        return other is null ? null : ReadExactly(other);
    }

    /// <summary>
    /// What is wanted of all manifests, latest change first; those that cannot be read are logged and left out. Side
    /// by side, and none is held longer than it is looked at: all together they could fill the memory.
    /// </summary>
    /// <param name="select">
    /// Takes what is wanted, of the head alone or of the manifest that its second parameter reads, null when it has
    /// gone; null leaves the manifest out.
    /// </param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public IReadOnlyList<T> List<T>(
        Func<ManifestHead, Func<StoredManifest?>, T?> select, CancellationToken cancellationToken)
        where T : class
    {
        var names = ManifestNames.Enumerate(paths.Manifests).ToList();

        // The sort is stable, so that models written in one instant keep the order of their names.
        return
        [
            .. SideBySide.Read(names, Read, cancellationToken).OfType<(string Name, DateTimeOffset At, T Wanted)>()
                .OrderBy(entry => entry.Name, StringComparer.Ordinal).OrderByDescending(entry => entry.At)
                .Select(entry => entry.Wanted),
        ];

        (string Name, DateTimeOffset At, T Wanted)? Read(ModelName name)
        {
            try
            {
                StoredManifest? read = null;
                var head = _heads.Get(
                    paths.Manifest(name),
                    (_, path) => (read = ReadExactly(name))?.Head ?? throw new FileNotFoundException(path));
                _complaints.Settle(name.DisplayName);
                return head is not null && select(head, () => read ?? ReadExactly(name)) is { } wanted
                    ? (head.Name.DisplayName, head.ModifiedAt, wanted)
                    : null;
            }
            catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
            {
                if (_complaints.IsNew(name.DisplayName, failure.Message))
                {
                    Log.Unreadable(logger, name, failure.Message);
                }

                return null;
            }
        }
    }

    /// <summary>
    /// All blobs that any manifest needs; false when a manifest, a link or a folder cannot be read, which may need
    /// more.
    /// </summary>
    public bool TryListNeeded([NotNullWhen(true)] out HashSet<Digest>? digests)
    {
        digests = null;
        var needed = new HashSet<Digest>();
        try
        {
            foreach (var name in ManifestNames.EnumerateAll(paths.Manifests))
            {
                needed.UnionWith(ReadExactly(name)?.Manifest.Digests ?? []);
            }
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }

        digests = needed;
        return true;
    }

    /// <summary>
    /// The spelling that a manifest of this name has or will have: each part takes the spelling of any existing
    /// manifest that equals it but for case.
    /// </summary>
    public ModelName Canonicalize(ModelName name) =>
        File.Exists(paths.Manifest(name)) ? name : ManifestNames.Canonicalize(paths.Manifests, name);

    /// <summary>Writes a manifest made here and returns it as stored.</summary>
    public Task<StoredManifest> WriteAsync(ModelName name, Manifest manifest, CancellationToken cancellationToken) =>
        WriteAsync(name, ManifestJson.Write(manifest), cancellationToken);

    /// <summary>Writes the bytes of a manifest unchanged, in place of the old one, and returns it as stored.</summary>
    /// <exception cref="JsonException">The bytes are no manifest; nothing was written.</exception>
    /// <exception cref="Contracts.Blobs.BlobStorageException">The disk refused; the old manifest stands.</exception>
    public async Task<StoredManifest> WriteAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var manifest = ManifestJson.ReadManifest(bytes.Span);
        var spelling = Canonicalize(name);
        var path = paths.Manifest(spelling);
        string? temporary = null;
        try
        {
            Directory.CreateDirectory(paths.Manifests);
            temporary = paths.NewTemporaryManifest();
            await using var file = DurableFile.Create(temporary);
            await file.WriteAsync(bytes, cancellationToken);
            DurableFile.Commit(file, path);
            temporary = null;
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            if (temporary is not null)
            {
                DurableFile.Discard(temporary);
            }
        }

        Forget(path);
        Log.Written(logger, spelling);
        return new StoredManifest(
            spelling, Digest.Of(bytes.Span), manifest, bytes, new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
    }

    /// <summary>
    /// Deletes a manifest in any spelling and the directories that it leaves empty; false when there is none.
    /// </summary>
    public bool Delete(ModelName name)
    {
        var spelling = File.Exists(paths.Manifest(name))
            ? name
            : ManifestNames.FindIgnoringCase(paths.Manifests, name);
        if (spelling is null)
        {
            return false;
        }

        var path = paths.Manifest(spelling);
        File.Delete(path);
        Forget(path);
        var folder = Path.GetDirectoryName(path)!;
        for (; folder != paths.Manifests; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                // Not empty, or somebody else removed it or is writing into it.
                break;
            }
        }

        Log.Deleted(logger, spelling);
        return true;
    }

    private void Forget(string path)
    {
        _heads.Forget(path);
        _parsed.Forget(path);
    }

    private StoredManifest? ReadExactly(ModelName name) => _parsed.Get(paths.Manifest(name), (file, path) =>
    {
        if (file.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            throw new JsonException("The manifest is a link, which could lead anywhere.");
        }

        if (file.Length > ManifestJson.BytesMax)
        {
            throw new JsonException($"The manifest is {file.Length} bytes long, more than {ManifestJson.BytesMax}.");
        }

        var bytes = File.ReadAllBytes(path);
        return new StoredManifest(
            name, Digest.Of(bytes), ManifestJson.ReadManifest(bytes), bytes,
            new DateTimeOffset(file.LastWriteTimeUtc));
    });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The manifest of {Model} is left out: {Reason}")]
        public static partial void Unreadable(ILogger logger, ModelName model, string reason);

        [LoggerMessage(LogLevel.Information, "The manifest of {Model} was written.")]
        public static partial void Written(ILogger logger, ModelName model);

        [LoggerMessage(LogLevel.Information, "The manifest of {Model} was deleted.")]
        public static partial void Deleted(ILogger logger, ModelName model);
    }
}
