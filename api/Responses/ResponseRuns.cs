using System.Runtime.CompilerServices;
using System.Text.Json;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>Has models make responses. Any thread.</summary>
internal sealed class ResponseRuns(IModels models)
{
    /// <summary>What a body asks a model for.</summary>
    /// <param name="body">The body.</param>
    /// <param name="model">The model that it names.</param>
    /// <param name="before">The conversation before it.</param>
    /// <param name="input">Its own items.</param>
    /// <param name="priority">As <see cref="GenerationRequest.Priority"/>.</param>
    /// <exception cref="Contracts.Errors.ModelException">An item is wrong.</exception>
    public static GenerationRequest ToRequest(
        ResponsesBody body, ModelReference model, IReadOnlyList<JsonElement> before, IReadOnlyList<JsonElement> input,
        int priority)
    {
        var reader = new ConversationReader();
        if (body.Echo.Instructions is { Length: > 0 } instructions)
        {
            reader.AddInstructions(instructions);
        }

        foreach (var item in before)
        {
            reader.Add(item, "previous response");
        }

        foreach (var (index, item) in input.Index())
        {
            reader.Add(item, $"input[{index}]");
        }

        return body.ToRequest(model.Text, reader.Messages) with { Priority = priority };
    }

    /// <summary>Makes the chunks of a response.</summary>
    public async IAsyncEnumerable<GenerationChunk> RunAsync(
        GenerationRequest generation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (generation.Messages.Count == 0)
        {
            // As in a chat, to say nothing is to ask for the model to be loaded.
            var load = new LoadRequest
            {
                Model = generation.Model,
                Kind = GenerationKind.Chat,
                Options = generation.Options,
            };
            await models.LoadAsync(load, cancellationToken);
            yield return new GenerationChunk { FinishReason = FinishReason.Stop };
            yield break;
        }

        await foreach (var chunk in models.GenerateAsync(generation, cancellationToken))
        {
            yield return chunk;
        }
    }
}
