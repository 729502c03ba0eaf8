using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Proxies;

/// <summary>Streams through a real nginx that buffers as it does by default.</summary>
public sealed class NginxTests
{
    private const int Rounds = 10;

    // Far above what a proxy on the same machine takes, far below what a buffer that fills up would.
    private static readonly TimeSpan ExtraTimeMax = TimeSpan.FromMilliseconds(500);

    private static readonly HttpClient Client = new(new SocketsHttpHandler());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/chat", "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")]
    [InlineData("/api/generate", "{\"model\":\"tiny-chat\",\"prompt\":\"Hi\"}")]
    [InlineData(
        "/v1/chat/completions",
        "{\"model\":\"tiny-chat\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")]
    [InlineData("/v1/responses", "{\"model\":\"tiny-chat\",\"stream\":true,\"input\":\"Hi\"}")]
    [InlineData(
        "/v1/responses", "{\"model\":\"tiny-chat\",\"stream\":true,\"background\":true,\"input\":\"Hi\"}")]
    [InlineData("/v1/completions", "{\"model\":\"tiny-chat\",\"stream\":true,\"prompt\":\"Hi\"}")]
    [InlineData(
        "/v1/messages",
        "{\"model\":\"tiny-chat\",\"stream\":true,\"max_tokens\":9,"
        + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")]
    public async Task Each_chunk_arrives_before_the_next_is_produced(string path, string body)
    {
        var models = new ReadersPace();
        await using var server = await HostedServer.StartAsync(
            services: services => services.AddSingleton<IModels>(models));
        using var proxy = await NginxProxy.StartAsync(server.Address, Token);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var response = await OpenAsync(proxy.Address, path, body, patience.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        var text = new StringBuilder();
        for (var index = 0; index < ReadersPace.ChunkCount; index++)
        {
            await ReadUntilAsync(stream, text, $"<{index}>", patience.Token);
            await models.HasReadAsync(patience.Token);
        }
    }

    [Fact]
    public async Task The_first_byte_is_hardly_later_than_without_it()
    {
        await using var server = await HostedServer.StartAsync();
        using var proxy = await NginxProxy.StartAsync(server.Address, Token);
        await MeasureAsync(server.Address);
        List<TimeSpan> direct = [], proxied = [];
        for (var round = 0; round < Rounds; round++)
        {
            direct.Add(await MeasureAsync(server.Address));
            proxied.Add(await MeasureAsync(proxy.Address));
        }

        var extra = Median(proxied) - Median(direct);
        TestContext.Current.SendDiagnosticMessage($"nginx adds {extra.TotalMilliseconds:0.0} ms to the first byte");
        Assert.True(extra < ExtraTimeMax, $"nginx adds {extra} to {Median(direct)}");
    }

    private static async Task<TimeSpan> MeasureAsync(Uri address)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await OpenAsync(
            address, "/v1/chat/completions",
            "{\"model\":\"tiny-chat\",\"stream\":true,\"max_tokens\":20,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Count from 1 to 20.\"}]}",
            Token);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        await ReadUntilAsync(stream, new StringBuilder(), "data: ", Token);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await stream.CopyToAsync(Stream.Null, Token);
        return elapsed;
    }

    private static async Task<HttpResponseMessage> OpenAsync(
        Uri address, string path, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Content = new StringContent(body),
        };
        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return response;
    }

    private static async Task ReadUntilAsync(
        Stream stream, StringBuilder text, string end, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        try
        {
            while (!text.ToString().Replace("\\u003c", "<").Replace("\\u003e", ">").Contains(end))
            {
                var count = await stream.ReadAsync(buffer, cancellationToken);
                Assert.True(count > 0, $"The stream ended before {end}: {text}");
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            Assert.Fail($"{end} did not come through; until then: {text}");
        }
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
