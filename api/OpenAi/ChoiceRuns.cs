using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>
/// Runs a request once for each choice, all at the same time, and gives out the chunks as they come. When one run fails
/// or the reader leaves, all end. Read by one task.
/// </summary>
internal sealed class ChoiceRuns(IModels models, GenerationRequest request, int count)
{
    /// <summary>The choice to which the chunk belongs that was read last.</summary>
    public int Index { get; private set; }

    /// <summary>Reads the chunks of all choices.</summary>
    /// <exception cref="ModelException">A run was refused, failed or broke off.</exception>
    public async IAsyncEnumerable<GenerationChunk> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (count == 1)
        {
            await foreach (var chunk in models.GenerateAsync(request, cancellationToken))
            {
                yield return chunk;
            }

            yield break;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A full channel holds the runs up: the reader is slower than they are.
        var chunks = Channel.CreateBounded<(int Index, GenerationChunk Chunk)>(count);
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
        var answers = Enumerable.Range(0, count).Select(_ => new WholeAnswer()).ToArray();
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
        await Task.WhenAll(Enumerable.Range(0, count).Select(index => RunAsync(index, chunks, cancellationToken)));
        chunks.TryComplete();
    }

    private async Task RunAsync(
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

            if (!finished)
            {
                throw new ModelException(ModelErrorCode.RunnerStopped);
            }
        }
        catch (Exception exception)
        {
            // The reader gets the first failure, whatever it is, behind the chunks that came before it.
            chunks.TryComplete(exception);
        }
    }

    // One seed for all would make all choices the same.
    private GenerationRequest ToChoice(int index)
    {
        if (index == 0 || !request.Options.TryGetValue("seed", out var seed))
        {
            return request;
        }

        var own = JsonSerializer.SerializeToElement(unchecked(seed.GetInt32() + index), OpenAiJson.Default.Int32);
        return request with { Options = new Dictionary<string, JsonElement>(request.Options) { ["seed"] = own } };
    }
}
