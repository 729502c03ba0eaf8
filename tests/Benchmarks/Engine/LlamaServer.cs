using System.Text.Json.Nodes;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>A llama-server, asked in its own dialect and with the sampling that Ollama has by default.</summary>
internal sealed class LlamaServer(ServerClient client, int processId) : IServer
{
    public int ProcessId { get; } = processId;

    public Task<StreamReading> StreamAsync(StreamRequest request, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["prompt"] = request.Prompt,
            ["stream"] = true,
            ["n_predict"] = request.TokensMax,
            ["seed"] = RawLoop.Seed,
            ["temperature"] = 0.8,
            ["top_k"] = 40,
            ["top_p"] = 0.9,
            ["min_p"] = 0,
            ["repeat_penalty"] = request.RepeatPenalty,
            ["cache_prompt"] = true,
        };
        if (request.Schema is { } schema)
        {
            body["json_schema"] = schema.DeepClone();
        }

        return client.StreamAsync(
            "/completion",
            body,
            end => end.GetProperty("tokens_predicted").GetInt32(),
            request.Leaving,
            cancellationToken);
    }

    public Task EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => client.PostAsync(
        "/v1/embeddings",
        new JsonObject { ["input"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text))]) },
        cancellationToken);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
