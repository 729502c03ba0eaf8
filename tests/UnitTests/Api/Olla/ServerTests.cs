using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Olla;

/// <summary>The program, its process, and what was answered in Anthropic's dialect.</summary>
public sealed class ServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_version_names_product_and_build()
    {
        await using var server = await StartAsync();
        var version = await server.Client.GetFromJsonAsync<JsonElement>("/version", Cancel);
        Assert.Equal("1.2.3", version.GetProperty("version").GetString());
        Assert.Equal("1.2.3", version.GetProperty("build").GetProperty("version").GetString());
        Assert.StartsWith(".NET ", version.GetProperty("build").GetProperty("runtime").GetString());
    }

    [Fact]
    public async Task The_process_tells_what_it_takes()
    {
        await using var server = await StartAsync();
        await AskAsync(server, "false");
        var process = await server.Client.GetFromJsonAsync<JsonElement>("/internal/process", Cancel);
        Assert.Equal(Environment.ProcessId, process.GetProperty("pid").GetInt32());
        Assert.True(process.GetProperty("memory").GetProperty("sys_mb").GetDouble() > 1);
        Assert.True(process.GetProperty("cpu").GetProperty("cpu_seconds").GetDouble() > 0);
        Assert.Equal(1, process.GetProperty("connections").GetProperty("total_created").GetInt64());
    }

    [Fact]
    public async Task Streams_and_failures_of_messages_are_counted()
    {
        await using var server = await StartAsync();
        await AskAsync(server, "true");
        await AskAsync(server, "false");
        Scripts.Set(server.Models, "refuse LoadFailed no luck");
        await AskAsync(server, "false");
        var stats = await server.Client.GetFromJsonAsync<JsonElement>("/internal/stats/translators", Cancel);
        var own = stats.GetProperty("translators")[0];
        Assert.Equal(
            (3, 1, 1, "66.7%", "100%"),
            (own.GetProperty("total_requests").GetInt32(), own.GetProperty("failed_requests").GetInt32(),
                own.GetProperty("streaming_requests").GetInt32(), own.GetProperty("success_rate").GetString(),
                own.GetProperty("passthrough_rate").GetString()));
        Assert.Equal(1, stats.GetProperty("summary").GetProperty("active_translators").GetInt32());
    }

    private static async Task<ApiServer> StartAsync()
    {
        var server = await ApiServer.StartAsync(options => options.Olla = true);
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        return server;
    }

    private static async Task AskAsync(ApiServer server, string stream)
    {
        using var content = new StringContent(
            "{\"model\":\"test\",\"max_tokens\":9,\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            Encoding.UTF8, "application/json");
        using var answer = await server.Client.PostAsync("/olla/anthropic/v1/messages", content, Cancel);
        await answer.Content.ReadAsStringAsync(Cancel);
    }
}
