using System.Text.Json.Nodes;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>A server that speaks Ollama's dialect: ours, or a peer that runs already.</summary>
internal sealed class OllamaServer(ServerClient client, int processId, string modelName, ServerSetup setup) : IServer
{
    public int ProcessId { get; } = processId;

    public Task<StreamReading> StreamAsync(StreamRequest request, CancellationToken cancellationToken)
    {
        // Nothing about sampling but the seed: the defaults are what users get.
        var options = Options();
        options["num_predict"] = request.TokensMax;
        options["seed"] = RawLoop.Seed;
        if (request.RepeatPenalty != 1)
        {
            options["repeat_penalty"] = request.RepeatPenalty;
        }

        var body = new JsonObject
        {
            ["model"] = modelName,
            ["prompt"] = request.Prompt,
            ["raw"] = true,
            ["options"] = options,
        };
        if (request.Schema is { } schema)
        {
            body["format"] = schema.DeepClone();
        }

        return client.StreamAsync(
            "/api/generate",
            body,
            end => end.GetProperty("eval_count").GetInt32(),
            request.Leaving,
            cancellationToken);
    }

    public Task EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => client.PostAsync(
        "/api/embed",
        new JsonObject
        {
            ["model"] = modelName,
            ["input"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]),
            ["options"] = Options(),
        },
        cancellationToken);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private JsonObject Options()
    {
        var options = new JsonObject { ["num_ctx"] = setup.ContextTokens };
        if (setup.ThreadCount != CpuTopology.CountCores())
        {
            // A number that is given stays; without one the server follows the load of the machine, as for users.
            options["num_thread"] = setup.ThreadCount;
        }

        return options;
    }
}
