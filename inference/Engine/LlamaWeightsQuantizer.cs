using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Quantizes with llama.cpp. Thread-safe; one file at a time, since each takes all that it is given.</summary>
internal sealed class LlamaWeightsQuantizer(string? libraryPath) : IWeightsQuantizer, IDisposable
{
    // Half of the machine goes on answering requests.
    private static readonly int ThreadCount = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    public async Task QuantizeAsync(
        string sourcePath, string targetPath, string fileType, Action<long>? progress,
        CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<LlamaFileType>(fileType, out var type) || type.ToString() != fileType)
        {
            throw new QuantizationException($"The type {fileType} is not known.");
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            await RunAsync(() => Quantize(sourcePath, targetPath, type, progress, cancellationToken));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private void Quantize(
        string sourcePath, string targetPath, LlamaFileType type, Action<long>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            LlamaQuantizer.Quantize(
                LlamaLibrary.Open(libraryPath), sourcePath, targetPath, type, ThreadCount, progress,
                cancellationToken);
        }
        catch (Exception failure) when (failure is LlamaLoadException or LlamaLibraryException)
        {
            throw new QuantizationException(failure.Message, failure);
        }
    }

    // A thread of the pool would be missing there for minutes.
    private static Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
#pragma warning disable CA1031 // Whoever waits gets it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                done.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = "quantize",
        };
        thread.Start();
        return done.Task;
    }
}
