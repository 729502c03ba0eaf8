using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>
/// Runs responses that go on without their clients. Each has a task of its own; a limited number at a time. They end
/// with the server, which says so in them.
/// </summary>
internal sealed partial class BackgroundResponses(
    ResponseStore store, RouteGuard guard, TimeProvider time, IOptions<ApiOptions> options,
    ILogger<BackgroundResponses> logger) : IHostedService
{
    private const string Path = "/v1/responses";

    private readonly Lock _turn = new();
    private readonly Dictionary<StoredResponse, Task> _running = [];
    private volatile bool _isStopping;

    /// <summary>Keeps a response and runs it.</summary>
    /// <param name="response">The response; its token ends the run.</param>
    /// <param name="run">Makes the chunks.</param>
    /// <exception cref="ModelException">Too many are running.</exception>
    public void Start(StoredResponse response, Func<CancellationToken, IAsyncEnumerable<GenerationChunk>> run)
    {
        lock (_turn)
        {
            if (_running.Count >= options.Value.Responses.BackgroundCountMax)
            {
                throw new ModelException(ModelErrorCode.QueueFull, response.Response.Model);
            }

            store.Add(response);

            // The task needs the lock to leave, so that it is in the list before it can end.
            _running[response] = Task.Run(() => RunAsync(response, run), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        KeyValuePair<StoredResponse, Task>[] running;
        lock (_turn)
        {
            running = [.. _running];
        }

        foreach (var (response, _) in running)
        {
            await response.CancelAsync();
        }

        await Task.WhenAll(running.Select(run => run.Value)).WaitAsync(cancellationToken);
    }

    private async Task RunAsync(
        StoredResponse response, Func<CancellationToken, IAsyncEnumerable<GenerationChunk>> run)
    {
        using var recording = new ResponseRecording(response.Response, time, response, listener: null);
        try
        {
            await using var reader = new ChunkReader(run(response.Canceled), response.Canceled);
            while (await reader.MoveNextAsync())
            {
                recording.Add(reader.Current);
            }

            if (!recording.HasEnded)
            {
                throw new ModelException(ModelErrorCode.RunnerStopped);
            }
        }
        catch (OperationCanceledException) when (response.Canceled.IsCancellationRequested)
        {
            recording.Fail(_isStopping ? ErrorTable.Stopped : ErrorTable.Canceled);
        }
        catch (ModelException exception)
        {
            var reply = ErrorTable.Ollama(exception.Refusal, RouteKind.Responses, response.Response.Model);
            guard.Report(Path, exception, reply);
            recording.Fail(reply);
        }
        catch (Exception exception)
        {
            // A bug. There is no request that the server could end for it, and whoever waits must not wait for ever.
            Log.Broken(logger, response.Response.Id, exception);
            recording.Fail(ErrorTable.Bug);
        }
        finally
        {
            lock (_turn)
            {
                _running.Remove(response);
            }

            store.Settle(response);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The response {Id} ended in an unexpected failure.")]
        public static partial void Broken(ILogger logger, string id, Exception exception);
    }
}
