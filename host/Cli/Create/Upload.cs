using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Win32.SafeHandles;
using Ollama.Platform.Host.Cli.Client;

namespace Ollama.Platform.Host.Cli.Create;

/// <summary>Brings a file to the server: its digest is computed, its bytes are sent if they are missing.</summary>
internal sealed class Upload(CommandContext context, string path)
{
    private const int BufferBytes = 1024 * 1024;
    private static readonly TimeSpan StepInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The digest of the file; empty before the last step.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Does the work and says how far it is, in the form of the server's own progress.</summary>
    public async IAsyncEnumerable<JsonObject> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.Read,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var step in HashAsync(file, length, hash, cancellationToken))
        {
            yield return step;
        }

        var digest = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        if (!await context.Server.HasBlobAsync(digest, cancellationToken))
        {
            await foreach (var step in SendAsync(file, length, digest, cancellationToken))
            {
                yield return step;
            }
        }

        Digest = digest;
    }

    private async IAsyncEnumerable<JsonObject> HashAsync(
        SafeFileHandle file, long length, IncrementalHash hash,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var status = $"reading {path}";
        var (buffer, told) = (new byte[BufferBytes], context.Time.GetTimestamp());
        yield return Step(status, 0, length);
        for (long read = 0; read < length;)
        {
            var count = await RandomAccess.ReadAsync(file, buffer, read, cancellationToken);
            if (count == 0)
            {
                throw new CommandException($"{path} became shorter while it was read");
            }

            hash.AppendData(buffer.AsSpan(0, count));
            read += count;
            if (context.Time.GetElapsedTime(told) >= StepInterval)
            {
                told = context.Time.GetTimestamp();
                yield return Step(status, read, length);
            }
        }

        yield return Step(status, length, length);
    }

    private async IAsyncEnumerable<JsonObject> SendAsync(
        SafeFileHandle file, long length, string digest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var status = $"copying {Path.GetFileName(path)} as {digest}";
        var content = new FileContent(file, length);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = context.Server.UploadBlobAsync(digest, content, ending.Token);
        try
        {
            yield return Step(status, 0, length);
            while (!sending.IsCompleted)
            {
                // Once canceled, the sending ends; a delay that is canceled, too, would end at once, again and again.
                await Task.WhenAny(sending, Task.Delay(StepInterval, context.Time, CancellationToken.None));
                yield return Step(status, content.SentBytes, length);
            }

            await sending;
            yield return Step(status, length, length);
        }
        finally
        {
            // It must have let go of the file.
            await ending.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static JsonObject Step(string status, long completed, long total) => new()
    {
        ["status"] = status,
        ["total"] = total,
        ["completed"] = completed,
    };
}
