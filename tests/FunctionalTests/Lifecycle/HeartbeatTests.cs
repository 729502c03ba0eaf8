using System.Text;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>Streams of events while a model is loaded.</summary>
public sealed class HeartbeatTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of France?\"}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/chat/completions", ": heartbeat\n\n", "[DONE]")]
    [InlineData("/v1/messages", "event: ping\n", "event: message_stop\n")]
    public async Task A_stream_that_waits_for_a_load_shows_a_sign_of_life_and_goes_on(
        string path, string beat, string end)
    {
        await using var server = await StartAsync();
        server.Loads.Close();
        using var response = await OpenAsync(server, path);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await ReadUntilAsync(stream, beat);
        server.Loads.ReleaseAll();
        await ReadUntilAsync(stream, end);
    }

    [Theory]
    [InlineData("/v1/chat/completions", ": heartbeat\n\n", "\"type\":\"api_error\"")]
    [InlineData("/v1/messages", "event: ping\n", "event: error\n")]
    public async Task A_load_that_fails_after_it_is_an_event(string path, string beat, string failure)
    {
        await using var server = await StartAsync();
        server.Loads.Close();
        server.Loads.FailNext("no luck");
        using var response = await OpenAsync(server, path);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await ReadUntilAsync(stream, beat);
        server.Loads.ReleaseAll();
        await ReadUntilAsync(stream, failure);
    }

    private static Task<HostedServer> StartAsync() => HostedServer.StartAsync(options => options with
    {
        Requests = options.Requests with { HeartbeatInterval = TimeSpan.FromSeconds(1) },
    });

    private static async Task<HttpResponseMessage> OpenAsync(HostedServer server, string path)
    {
        var response = await server.OpenAsync(
            "waiting", path, "{\"model\":\"tiny-chat\",\"stream\":true,\"max_tokens\":64," + Messages + "}", Token);
        Assert.Equal(200, (int)response.StatusCode);
        return response;
    }

    private static async Task ReadUntilAsync(Stream stream, string end)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains(end, StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Token);
            Assert.True(count > 0, $"The stream ended before {end}: {text}");
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
