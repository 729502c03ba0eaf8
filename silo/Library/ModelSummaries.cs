using System.Collections.Concurrent;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// What the list says of manifests, for as long as the files are those that it was read from. It is kept beside the
/// models, too, since the heads of a thousand files of weights are gigabytes: a server that starts anew takes over what
/// an earlier one read, once it has found every blob unchanged. Safe for any number of callers.
/// </summary>
internal sealed class ModelSummaries(StorePaths paths, SummaryFile file, TimeProvider time)
{
    // FAT, the coarsest file system met in practice, keeps times to two seconds.
    private static readonly TimeSpan TimeGranularity = TimeSpan.FromSeconds(2);

    // Of a model of thousands of files those alone are looked at that may go: a record of all would be as long as its
    // manifest.
    private const int FileCountMax = 256;

    private readonly ConcurrentDictionary<Digest, Entry> _entries = new();
    private readonly Lazy<ConcurrentDictionary<Digest, SummaryRecord>> _earlier =
        new(() => new(file.Read().DistinctBy(record => record.Manifest)
            .Select(record => KeyValuePair.Create(record.Manifest, record))));

    private int _newCount;

    /// <summary>What is known of a manifest, or is read of it now; null when it has gone.</summary>
    /// <param name="head">The manifest.</param>
    /// <param name="open">Reads the whole of it.</param>
    /// <param name="read">Reads what it is made of.</param>
    public ModelSummary? Get(
        ManifestHead head, Func<StoredManifest?> open, Func<StoredManifest, ModelSummary> read)
    {
        if (_entries.TryGetValue(head.Digest, out var known) && known.IsUnchanged(known.WatchedCount))
        {
            return known.Summarize(head);
        }

        if (open() is not { } manifest)
        {
            return null;
        }

        var (files, watchedCount) = PathsOf(manifest);
        if (known is null && _earlier.Value.TryRemove(head.Digest, out var record)
            && record.Files.Count == files.Length)
        {
            var earlier = new Entry(files, watchedCount, record);
            if (earlier.IsUnchanged(files.Length))
            {
                _entries[head.Digest] = earlier;
                return earlier.Summarize(head);
            }
        }

        return Read(manifest, files, watchedCount, read);
    }

    /// <summary>Leaves what was read anew for the next start, and forgets what is listed no more.</summary>
    /// <param name="manifests">All that are listed.</param>
    public void Save(IEnumerable<Digest> manifests)
    {
        var newCount = Interlocked.Exchange(ref _newCount, 0);
        if (newCount == 0)
        {
            return;
        }

        // Here and not where it grows: a limit below the length of the list would read every list from the start.
        var listed = manifests.ToHashSet();
        foreach (var digest in _entries.Keys.Where(digest => !listed.Contains(digest)))
        {
            _entries.TryRemove(digest, out _);
        }

        if (!file.Write(listed.Select(digest => _entries.GetValueOrDefault(digest)?.Record).OfType<SummaryRecord>()))
        {
            // The next list tries again.
            Interlocked.Add(ref _newCount, newCount);
        }
    }

    private ModelSummary Read(
        StoredManifest manifest, string[] files, int watchedCount, Func<StoredManifest, ModelSummary> read)
    {
        // Before it is read: a file that changes meanwhile has another time, and is read again.
        var times = Array.ConvertAll(files, FileTime.Of);
        var summary = read(manifest);
        var settledAt = (time.GetUtcNow() - TimeGranularity).UtcTicks;
        if (Array.TrueForAll(times, known => known.Ticks < settledAt))
        {
            _entries[manifest.Digest] = new Entry(files, watchedCount, SummaryRecord.Of(summary, times));
            Interlocked.Increment(ref _newCount);
        }

        return summary;
    }

    /// <summary>
    /// The blobs, first those that are looked at for every list: weights that are deleted or come back change it. The
    /// others do not change once they were read.
    /// </summary>
    private (string[] Files, int WatchedCount) PathsOf(StoredManifest manifest)
    {
        List<Digest> watched =
        [
            .. manifest.FindAll(MediaTypes.Model).Take(1).Concat(manifest.FindAll(MediaTypes.Projector))
                .Take(FileCountMax).Select(layer => layer.Digest),
        ];
        var files = manifest.Manifest.Layers.Count < FileCountMax
            ? watched.Concat(manifest.Manifest.Digests.Except(watched))
            : watched;
        return ([.. files.Select(paths.Blob)], watched.Count);
    }

    private sealed class Entry(string[] files, int watchedCount, SummaryRecord record)
    {
        private ModelSummary? _latest;

        public string[] Paths { get; } = files;

        public int WatchedCount { get; } = watchedCount;

        public SummaryRecord Record { get; } = record;

        /// <summary>Looks at the first files.</summary>
        public bool IsUnchanged(int count)
        {
            for (var index = 0; index < count; index++)
            {
                if (FileTime.Of(Paths[index]) != Record.Files[index])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Two names can share one manifest; most have one of their own.</summary>
        public ModelSummary Summarize(ManifestHead head) =>
            _latest is { } latest && latest.Name == head.Name && latest.ModifiedAt == head.ModifiedAt
                ? latest
                : _latest = Record.ToSummary(head);
    }
}
