using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>
/// Runs each request once for each choice, many at the same time, and gives out the chunks as they come. When one run
/// fails or the reader leaves, all end. Read by one task.
/// </summary>
/// <param name="models">Runs them.</param>
/// <param name="requests">The prompts.</param>
/// <param name="count">Number of choices for each.</param>
internal sealed class ChoiceRuns(IModels models, IReadOnlyList<GenerationRequest> requests, int count)
{
    // As many as the automatic slots of a model; the others wait here and not in the queue.
    private const int RunningCountMax = 16;

    private readonly int _total = requests.Count * count;

    /// <summary>Runs one prompt.</summary>
    public ChoiceRuns(IModels models, GenerationRequest request, int count)
        : this(models, [request], count)
    {
    }

    /// <summary>The choice to which the chunk belongs that was read last; those of the first prompt come
    /// first.</summary>
    public int Index { get; private set; }

    /// <summary>Reads the chunks of all choices.</summary>
    /// <exception cref="ModelException">A run was refused, failed or broke off.</exception>
    public async IAsyncEnumerable<GenerationChunk> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_total == 1)
        {
            await foreach (var chunk in models.GenerateAsync(requests[0], cancellationToken))
            {
                yield return chunk;
            }

            yield break;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A full channel holds the runs up: the reader is slower than they are.
        var chunks = Channel.CreateBounded<(int Index, GenerationChunk Chunk)>(RunningCountMax);
        var runs = RunAllAsync(chunks.Writer, leaving.Token);
        try
        {
            await foreach (var (index, chunk) in chunks.Reader.ReadAllAsync(cancellationToken))
            {
                Index = index;
                yield return chunk;
            }
        }
        finally
        {
            await leaving.CancelAsync();
            await runs;
        }
    }

    /// <summary>Reads all choices to their ends.</summary>
    /// <exception cref="ModelException">A run was refused, failed or broke off.</exception>
    public async Task<IReadOnlyList<GenerationChunk>> ReadWholeAsync(CancellationToken cancellationToken)
    {
        var answers = Enumerable.Range(0, _total).Select(_ => new WholeAnswer()).ToArray();
        await using var reader = new ChunkReader(ReadAsync(cancellationToken), cancellationToken);
        while (await reader.MoveNextAsync())
        {
            answers[Index].Add(reader.Current);
        }

        return [.. answers.Select(answer => answer.ToChunk(callsCollected: true))];
    }

    private async Task RunAllAsync(
        ChannelWriter<(int Index, GenerationChunk Chunk)> chunks, CancellationToken cancellationToken)
    {
        var begun = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(_total, RunningCountMax)).Select(_ => RunSomeAsync()));
        chunks.TryComplete();

        async Task RunSomeAsync()
        {
            var running = true;
            while (running && Interlocked.Increment(ref begun) - 1 is var index && index < _total)
            {
                running = await RunAsync(index, chunks, cancellationToken);
            }
        }
    }

    private async Task<bool> RunAsync(
        int index, ChannelWriter<(int Index, GenerationChunk Chunk)> chunks, CancellationToken cancellationToken)
    {
        try
        {
            var finished = false;
            await foreach (var chunk in models.GenerateAsync(ToChoice(index), cancellationToken))
            {
                finished = chunk.FinishReason is not null;
                await chunks.WriteAsync((index, chunk), cancellationToken);
            }

            return finished ? true : throw new ModelException(ModelErrorCode.RunnerStopped);
        }
        catch (Exception exception)
        {
            // The reader gets the first failure, whatever it is, behind the chunks that came before it.
            chunks.TryComplete(exception);
            return false;
        }
    }

    // One seed for all would make all choices the same.
    private GenerationRequest ToChoice(int index)
    {
        var (request, choice) = (requests[index / count], index % count);
        if (choice == 0 || !request.Options.TryGetValue("seed", out var seed))
        {
            return request;
        }

        var own = JsonSerializer.SerializeToElement(unchecked(seed.GetInt32() + choice), OpenAiJson.Default.Int32);
        return request with { Options = new Dictionary<string, JsonElement>(request.Options) { ["seed"] = own } };
    }
}
