using Ollama.Platform.Contracts.Files;

namespace Ollama.Platform.UnitTests.Records;

/// <summary>File contents in memory, for tests of what stands above them.</summary>
internal sealed class MemoryFileContents : IFileContents
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly HashSet<string> _taken = [];

    /// <summary>The ids of all files.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_turn)
            {
                return [.. _files.Keys];
            }
        }
    }

    public async Task<long?> WriteAsync(
        string id, Stream content, long bytesMax, CancellationToken cancellationToken)
    {
        var memory = new MemoryStream();
        await content.CopyToAsync(memory, cancellationToken);
        if (memory.Length > bytesMax)
        {
            return null;
        }

        lock (_turn)
        {
            _files[id] = memory.ToArray();
        }

        return memory.Length;
    }

    public Task<Stream?> OpenReadAsync(string id, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return Task.FromResult<Stream?>(
                _files.TryGetValue(id, out var bytes) ? new MemoryStream(bytes, writable: false) : null);
        }
    }

    public Task<Stream?> OpenAloneAsync(string id, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            if (!_taken.Add(id))
            {
                return Task.FromResult<Stream?>(null);
            }

            var bytes = _files.TryAdd(id, []) ? [] : _files[id];
            return Task.FromResult<Stream?>(new OpenFile(this, id, bytes));
        }
    }

    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            _files.Remove(id);
        }

        return Task.CompletedTask;
    }

    private void Keep(string id, byte[] bytes, bool isClosed)
    {
        lock (_turn)
        {
            if (_files.ContainsKey(id))
            {
                _files[id] = bytes;
            }

            if (isClosed)
            {
                _taken.Remove(id);
            }
        }
    }

    /// <summary>What was written counts at once.</summary>
    private sealed class OpenFile : MemoryStream
    {
        private readonly MemoryFileContents _owner;
        private readonly string _id;
        private bool _closed;

        public OpenFile(MemoryFileContents owner, string id, byte[] bytes)
        {
            (_owner, _id) = (owner, id);
            base.Write(bytes);
            Position = 0;
        }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            base.Write(buffer.Span);
            _owner.Keep(_id, ToArray(), isClosed: false);
            return ValueTask.CompletedTask;
        }

        public override void SetLength(long value)
        {
            base.SetLength(value);
            _owner.Keep(_id, ToArray(), isClosed: false);
        }

        protected override void Dispose(bool disposing)
        {
            if (!_closed)
            {
                _closed = true;
                _owner.Keep(_id, ToArray(), isClosed: true);
            }

            base.Dispose(disposing);
        }
    }
}
