using System.Text;
using System.Text.Json;
using Ollama.Platform.Api.Olla.Status;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Olla;

/// <summary>What was answered with each model.</summary>
public sealed class ModelStatsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_model_has_its_own_counts_by_whatever_name_and_dialect()
    {
        await using var server = await StartAsync();
        var bytes = 0;
        (string, string)[] asked =
        [
            ("/olla/ollama/api/chat", "test"), ("/api/chat", "TEST:latest:local"),
            ("/v1/chat/completions", "thinker:8b"),
        ];
        foreach (var (path, model) in asked)
        {
            bytes += await ChatAsync(server, path, model);
        }

        Scripts.Set(server.Models, "refuse LoadFailed no luck");
        bytes += await ChatAsync(server, "/api/chat", "test");
        Scripts.Set(server.Models, "greeting");
        await ChatAsync(server, "/api/chat", "nope");
        await ChatAsync(server, "/api/show", "thinker:8b");

        // Mistakes that are found before the model is looked for, one of which Ollama answers with 500.
        await ChatAsync(server, "/api/chat", "nope", ",\"options\":{\"num_ctx\":\"\"}");
        await ChatAsync(server, "/v1/chat/completions", "nope", ",\"temperature\":\"\"");

        var stats = await ReadAsync(server, "");
        var models = stats.GetProperty("models");
        Assert.Equal(
            ["test:latest 3 2 1 66.7% 3", "thinker:8b 1 1 0 100% 1"],
            models.EnumerateArray().Select(model =>
                $"{model.GetProperty("name")} {model.GetProperty("total_requests")} "
                + $"{model.GetProperty("successful_requests")} {model.GetProperty("failed_requests")} "
                + $"{model.GetProperty("success_rate")} {model.GetProperty("routing_hits")}"));
        Assert.False(models[0].TryGetProperty("endpoint_breakdown", out _));
        Assert.Equal("{}", stats.GetProperty("endpoints").GetRawText());
        Assert.Equal(
            "{\"overall_success_rate\":\"75%\",\"total_traffic\":\"" + StatusText.Bytes(bytes)
            + "\",\"most_popular_model\":\"test:latest\",\"least_popular_model\":\"thinker:8b\","
            + "\"total_models\":2,\"active_models\":2,\"total_requests\":4}",
            stats.GetProperty("summary").GetRawText());

        stats = await ReadAsync(server, "?include_endpoints=true&include_summary=true");
        Assert.Equal(4, stats.GetProperty("endpoints").GetProperty("silo-1").GetProperty("request_count").GetInt32());
        var own = stats.GetProperty("models")[0].GetProperty("endpoint_breakdown").GetProperty("silo-1");
        Assert.Equal(3, own.GetProperty("request_count").GetInt32());
        Assert.Equal(66.7, own.GetProperty("success_rate").GetDouble());
    }

    private static async Task<ApiServer> StartAsync()
    {
        var server = await ApiServer.StartAsync(options => (options.Olla, options.EndpointName) = (true, "silo-1"));
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        return server;
    }

    private static async Task<JsonElement> ReadAsync(ApiServer server, string query) =>
        JsonElement.Parse(await server.Client.GetStringAsync("/internal/stats/models" + query, Cancel));

    private static async Task<int> ChatAsync(ApiServer server, string path, string model, string fields = "")
    {
        using var content = new StringContent(
            "{\"model\":\"" + model + "\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                + fields + "}",
            Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync(path, content, Cancel);
        return (await response.Content.ReadAsByteArrayAsync(Cancel)).Length;
    }
}
