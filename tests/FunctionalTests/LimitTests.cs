using System.Net;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>The settings that bound what a request may bring.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Headers_beyond_the_setting_are_refused_and_those_within_it_are_not()
    {
        await using var server = await HostedServer.StartAsync(options => options with
        {
            Requests = options.Requests with { HeaderBytesMax = 100_000 },
        });
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, headerBytes: 90_000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await AskAsync(server, headerBytes: 110_000));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, headerBytes: 10));
    }

    private static async Task<HttpStatusCode> AskAsync(HostedServer server, int headerBytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/version");

        // One that is a line of its own may be as long as all together.
        request.Headers.TryAddWithoutValidation("X-Filler", new string('x', headerBytes));
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
