using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.OpenAi;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// Runs the requests of one batch that have not run yet, several at a time. One task reads the input; each request has
/// a task of its own.
/// </summary>
/// <param name="endpoints">Runs a request.</param>
/// <param name="slots">Shared by all batches: how many requests run at a time.</param>
/// <param name="progress">Counts them.</param>
/// <param name="time">The clock.</param>
/// <param name="output">Takes answers.</param>
/// <param name="errors">Takes failed requests.</param>
/// <param name="done">The requests that have run; grows.</param>
internal sealed class BatchRun(
    BatchEndpoints endpoints, SemaphoreSlim slots, BatchProgress progress, TimeProvider time, ResultFile output,
    ResultFile errors, HashSet<string> done)
{
    // A full queue empties; whoever waits for a batch can wait for that, up to about a minute.
    private const int AttemptCountMax = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    private readonly Lock _turn = new();

    /// <summary>Runs what has not run.</summary>
    /// <param name="endpoint">The route.</param>
    /// <param name="lines">The input, which was checked before.</param>
    /// <param name="cancellationToken">Ends it early; what runs then has not run.</param>
    public async Task RunAsync(string endpoint, LineReader lines, CancellationToken cancellationToken)
    {
        // The first that fails unexpectedly ends the others.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task>();
        try
        {
            while (true)
            {
                // Memory holds no more lines than run.
                await slots.WaitAsync(ending.Token);
                var line = await NextOrReleaseAsync(endpoint, lines, ending.Token);
                if (line is null)
                {
                    break;
                }

                running.RemoveAll(task => task.IsCompletedSuccessfully);
                running.Add(RunLineAsync(endpoint, line, ending));
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    /// <summary>Writes down the requests that have not run and will not.</summary>
    public async Task GiveUpAsync(
        string endpoint, LineReader lines, ResultError reason, CancellationToken cancellationToken)
    {
        while (await NextAsync(endpoint, lines, cancellationToken) is { } line)
        {
            var result = new ResultLine { Id = NewId(), CustomId = line.CustomId, Error = reason };
            await errors.AddAsync(result, cancellationToken);
            progress.Add(isCompleted: false);
        }
    }

    private async Task<BatchLine?> NextOrReleaseAsync(
        string endpoint, LineReader lines, CancellationToken cancellationToken)
    {
        BatchLine? line = null;
        try
        {
            return line = await NextAsync(endpoint, lines, cancellationToken);
        }
        finally
        {
            if (line is null)
            {
                slots.Release();
            }
        }
    }

    private async Task<BatchLine?> NextAsync(
        string endpoint, LineReader lines, CancellationToken cancellationToken)
    {
        while (await lines.NextAsync(cancellationToken) is { } text)
        {
            if (BatchLine.Parse(text, lines.Number, endpoint, out _) is { } line && !IsDone(line))
            {
                return line;
            }
        }

        return null;
    }

    private bool IsDone(BatchLine line)
    {
        lock (_turn)
        {
            return done.Contains(line.CustomId);
        }
    }

    private async Task RunLineAsync(string endpoint, BatchLine line, CancellationTokenSource ending)
    {
        try
        {
            var answer = await AnswerAsync(endpoint, line.Body, ending.Token);
            var isAnswered = answer.StatusCode == StatusCodes.Status200OK;
            var result = new ResultLine { Id = NewId(), CustomId = line.CustomId, Response = answer };
            await (isAnswered ? output : errors).AddAsync(result, CancellationToken.None);
            progress.Add(isAnswered);
            lock (_turn)
            {
                done.Add(line.CustomId);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await ending.CancelAsync();
            throw;
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<ResultAnswer> AnswerAsync(string endpoint, byte[] body, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var answer = await endpoints.RunAsync(endpoint, body, cancellationToken);
            if (answer.StatusCode != StatusCodes.Status503ServiceUnavailable || attempt == AttemptCountMax)
            {
                return answer;
            }

            await Task.Delay(pause, time, cancellationToken);
            pause *= 2;
        }
    }

    private static string NewId() => ObjectId.New("batch_req_");
}
