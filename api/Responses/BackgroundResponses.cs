using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>
/// Runs responses that go on without their clients. Each has a task of its own; a limited number at a time. They end
/// with the server, after its grace period, which says so in them; those of which nothing was made yet are left to the
/// next one.
/// </summary>
internal sealed partial class BackgroundResponses(
    ResponseStore store, ResponseRuns runs, RouteGuard guard, IHostApplicationLifetime lifetime, TimeProvider time,
    IOptions<ApiOptions> options, ILogger<BackgroundResponses> logger) : IHostedService, IDisposable
{
    private const string Path = "/v1/responses";

    private readonly Lock _turn = new();
    private readonly Dictionary<StoredResponse, Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Keeps a response and runs it.</summary>
    /// <param name="response">The response; its token ends the run.</param>
    /// <param name="work">What it is made of.</param>
    /// <param name="generation">The same for a model.</param>
    /// <exception cref="ModelException">Too many are running.</exception>
    public void Start(StoredResponse response, ResponseWork work, GenerationRequest generation)
    {
        lock (_turn)
        {
            if (_running.Count >= options.Value.Responses.BackgroundCountMax)
            {
                throw new ModelException(ModelErrorCode.QueueFull, response.Response.Model);
            }

            store.Add(response);

            // The task needs the lock to leave, so that it is in the list before it can end.
            _running[response] = Task.Run(() => RunAsync(response, work, generation), CancellationToken.None);
        }
    }

    /// <summary>Keeps a response that an earlier server left and runs it; false when it cannot run here.</summary>
    public bool TryResume(StoredResponse response, ResponseWork work)
    {
        try
        {
            var body = ResponsesBody.Read(work.Body);
            var model = ModelReference.Parse(body.Model, RouteKind.Responses);
            Start(response, work, ResponseRuns.ToRequest(body, model, response.Input, [], work.Priority));
            Log.Resumed(logger, response.Response.Id);
            return true;
        }
        catch (Exception refusal) when (refusal is ModelException or ApiException)
        {
            // That server took what this one does not.
            Log.NotResumed(logger, response.Response.Id, refusal);
            return false;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(_started.SetResult);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var running = RunningAsync();
        await running.WaitAsync(options.Value.Responses.GracePeriod, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();

        // Both: some have begun since, and who has left the list still has to note what has become of it.
        await Task.WhenAll(running, RunningAsync()).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private Task RunningAsync()
    {
        lock (_turn)
        {
            return Task.WhenAll(_running.Values);
        }
    }

    private async Task RunAsync(StoredResponse response, ResponseWork work, GenerationRequest generation)
    {
        using var recording = new ResponseRecording(response.Response, time, response, listener: null);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(response.Canceled, _stopping.Token);
        try
        {
            // One that was left is here before there are models.
            await _started.Task.WaitAsync(ending.Token);
            await using var reader = new ChunkReader(runs.RunAsync(generation, ending.Token), ending.Token);
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
            recording.Fail(ErrorTable.Canceled);
        }
        catch (Exception exception) when (!response.Canceled.IsCancellationRequested && IsOfStop(exception))
        {
            if (recording.Response.Status == ResponseStatus.Queued)
            {
                // Nobody has seen more of it than that it waits, which it goes on to do.
                response.Work = work;
                response.Events.End();
            }
            else
            {
                recording.Fail(ErrorTable.Stopped);
            }
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

    // The models may refuse what waits for them before this here is told to stop.
    private bool IsOfStop(Exception exception) => exception switch
    {
        OperationCanceledException or ModelException { Refusal.Code: ModelErrorCode.Canceled } =>
            _stopping.IsCancellationRequested,
        ModelException { Refusal.Code: ModelErrorCode.ShuttingDown } =>
            lifetime.ApplicationStopping.IsCancellationRequested,
        _ => false,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The response {Id} runs, which an earlier server left.")]
        public static partial void Resumed(ILogger logger, string id);

        [LoggerMessage(LogLevel.Warning, "The response {Id}, which an earlier server left, cannot run here.")]
        public static partial void NotResumed(ILogger logger, string id, Exception exception);

        [LoggerMessage(LogLevel.Error, "The response {Id} ended in an unexpected failure.")]
        public static partial void Broken(ILogger logger, string id, Exception exception);
    }
}
