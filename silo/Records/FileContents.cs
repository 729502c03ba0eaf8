using System.Buffers;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Files;

namespace Ollama.Platform.Silo.Records;

/// <summary>File contents as files beside the records, for the one-process mode. Any thread.</summary>
internal sealed class FileContents(StorePaths paths, TimeProvider time) : IFileContents
{
    private const string Suffix = ".content";
    private const string TemporarySuffix = ".tmp";
    private const int IdLengthMax = 200;
    private const int CopyBytes = 128 * 1024;

    // Nobody writes one file for longer without a pause.
    private static readonly TimeSpan TemporaryAgeMax = TimeSpan.FromHours(1);

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private long _sweptAtTicks;

    /// <inheritdoc/>
    public async Task<long?> WriteAsync(
        string id, Stream content, long bytesMax, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        PrivateFolder.Create(paths.Root, paths.Files);
        RemoveOldTemporaryNowAndThen();
        var temporary = Path.Combine(paths.Files, Guid.NewGuid().ToString("N") + TemporarySuffix);
        try
        {
            await using var file = DurableFile.Create(temporary);
            if (await CopyAsync(content, file, bytesMax, cancellationToken) is not { } length)
            {
                DurableFile.Discard(temporary);
                return null;
            }

            DurableFile.Commit(file, path);
            return length;
        }
        catch (Exception failure)
        {
            DurableFile.Discard(temporary);
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, CopyBytes,
                FileOptions.Asynchronous));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAloneAsync(string id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        try
        {
            PrivateFolder.Create(paths.Root, paths.Files);
            return Task.FromResult<Stream?>(new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.WriteThrough));
        }
        catch (IOException failure) when (FileRecords.IsLocked(failure))
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception failure)
        {
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    private static async Task<long?> CopyAsync(
        Stream content, FileStream file, long bytesMax, CancellationToken cancellationToken)
    {
        var buffer = new byte[CopyBytes];
        var length = 0L;
        while (await content.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            length += count;
            if (length > bytesMax)
            {
                return null;
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return length;
    }

    // What a process that was killed left. The folder can hold tens of thousands of files.
    private void RemoveOldTemporaryNowAndThen()
    {
        var now = time.GetUtcNow();
        var sweptAtTicks = Interlocked.Read(ref _sweptAtTicks);
        if (now.UtcTicks - sweptAtTicks < TemporaryAgeMax.Ticks
            || Interlocked.CompareExchange(ref _sweptAtTicks, now.UtcTicks, sweptAtTicks) != sweptAtTicks)
        {
            return;
        }

        var latest = now - TemporaryAgeMax;
        foreach (var path in Directory.EnumerateFiles(paths.Files, "*" + TemporarySuffix))
        {
            if (File.GetLastWriteTimeUtc(path) < latest.UtcDateTime)
            {
                DurableFile.Discard(path);
            }
        }
    }

    private static Exception Explain(Exception failure) =>
        (Exception?)DurableFile.Explain(failure) ?? failure;

    private string PathOf(string id) => id is { Length: > 0 and <= IdLengthMax }
        && !id.AsSpan().ContainsAnyExcept(IdCharacters)
        ? Path.Combine(paths.Files, id + Suffix)
        : throw new ArgumentException("An id has 1 to 200 letters, digits, dots, underscores, hyphens.", nameof(id));
}
