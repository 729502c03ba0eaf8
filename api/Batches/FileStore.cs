using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Records;
using Ollama.Platform.Contracts.Files;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// The files of clients: what they are in records, their bytes beside them. A file is there when its record is; what
/// has expired is found no more, and deleted when the next one is added or all are listed, which
/// <see cref="FileSweep"/> does now and then, unless a batch has yet to read it. Any thread.
/// </summary>
internal sealed class FileStore(
    IRecords records, IFileContents contents, BatchStore batches, IOptions<ApiOptions> options, TimeProvider time)
{
    /// <summary>How ids begin.</summary>
    public const string IdPrefix = "file-";

    /// <summary>The purpose of requests.</summary>
    public const string Input = "batch";

    /// <summary>The purpose of results.</summary>
    public const string Output = "batch_output";

    private readonly RecordTable<FileWire> _files = new(records, "file", IdPrefix, RecordsJson.Default.FileWire);

    /// <summary>Room for what is under way. Guards itself.</summary>
    private readonly List<FileRoom> _reserved = [];

    private BatchOptions Limits => options.Value.Batches;

    /// <summary>A new id.</summary>
    public static string NewId() => ObjectId.New(IdPrefix);

    /// <summary>Finds a file; null when there is none.</summary>
    public async Task<FileWire?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _files.FindAsync(id, cancellationToken) is { } file && !HasExpired(file) ? file : null;

    /// <summary>All files, the oldest first.</summary>
    public async Task<IReadOnlyList<FileWire>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await SweepAsync(cancellationToken)).Where(file => !HasExpired(file))
            .OrderBy(file => file.CreatedAt).ThenBy(file => file.Id, StringComparer.Ordinal),
    ];

    /// <summary>Takes the room for a new file, as much as there is and one may have.</summary>
    /// <exception cref="ApiException">There is no room for another file.</exception>
    public async Task<FileRoom> ReserveAsync(CancellationToken cancellationToken)
    {
        var files = await SweepAsync(cancellationToken);
        lock (_reserved)
        {
            if (files.Count + _reserved.Count >= Limits.FileCountMax)
            {
                throw new ApiException(
                    ApiErrorCode.FileTooLarge, $"there are {Limits.FileCountMax} files; delete some of them");
            }

            var free = Limits.AllFileBytesMax - files.Sum(file => file.Bytes) - _reserved.Sum(room => room.BytesMax);
            var room = new FileRoom(Math.Min(Limits.FileBytesMax, Math.Max(0, free)), Release);
            _reserved.Add(room);
            return room;
        }
    }

    /// <summary>Stores the bytes of a new file, which is not there before it is added.</summary>
    /// <exception cref="ApiException">It is too long.</exception>
    public async Task<long> WriteAsync(string id, Stream content, long bytesMax, CancellationToken cancellationToken) =>
        await contents.WriteAsync(id, content, bytesMax, cancellationToken)
        ?? throw new ApiException(
            ApiErrorCode.FileTooLarge, $"the file is longer than the {bytesMax} bytes that are allowed");

    /// <summary>Forgets bytes that will not become a file.</summary>
    public Task DiscardAsync(string id) => contents.DeleteAsync(id, CancellationToken.None);

    /// <summary>Adds a file whose bytes are stored.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="life">How long it is kept; null for the usual time.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public async Task<FileWire> AddAsync(
        string id, string name, string purpose, long bytes, TimeSpan? life, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var file = new FileWire
        {
            Id = id,
            Bytes = bytes,
            CreatedAt = now.ToUnixTimeSeconds(),
            ExpiresAt = (now + (life ?? Limits.KeepTime)).ToUnixTimeSeconds(),
            FileName = name,
            Purpose = purpose,
        };
        await _files.AddAsync(id, file, cancellationToken);
        return file;
    }

    /// <summary>Opens the bytes of a file; null when they are gone. The caller disposes the stream.</summary>
    public Task<Stream?> OpenAsync(string id, CancellationToken cancellationToken) =>
        contents.OpenReadAsync(id, cancellationToken);

    /// <summary>Deletes a file; false when there is none.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        // Without its record nobody finds the bytes; the other way round somebody would find a file without bytes.
        var existed = await _files.DeleteAsync(id, cancellationToken);
        if (existed)
        {
            await contents.DeleteAsync(id, cancellationToken);
        }

        return existed;
    }

    // What is left lies on the disk, expired or not.
    private async Task<IReadOnlyList<FileWire>> SweepAsync(CancellationToken cancellationToken)
    {
        var left = new List<FileWire>();
        IReadOnlySet<string>? inputs = null;
        foreach (var file in await _files.ListAsync(cancellationToken))
        {
            if (HasExpired(file)
                && !(inputs ??= await batches.ListInputsAsync(cancellationToken)).Contains(file.Id))
            {
                await DeleteAsync(file.Id, cancellationToken);
            }
            else
            {
                left.Add(file);
            }
        }

        return left;
    }

    private void Release(FileRoom room)
    {
        lock (_reserved)
        {
            _reserved.Remove(room);
        }
    }

    private bool HasExpired(FileWire file) => file.ExpiresAt <= time.GetUtcNow().ToUnixTimeSeconds();
}
