using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Registries;

namespace Ollama.Platform.FunctionalTests.Specification;

/// <summary>The page of the specification in a real browser, which has no network but this server.</summary>
[Collection(nameof(SharedServer))]
public sealed class PageTests(ServerFixture server)
{
    [Fact]
    public async Task A_browser_shows_every_route()
    {
        PeerBinary.Require("chromium");
        using var profile = new TemporaryDirectory();
        var page = await PeerBinary.RunAsync(
            "chromium",
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            $"--user-data-dir={profile.Path}",
            "--virtual-time-budget=20000", "--dump-dom",
            new Uri(server.Address, "/docs/index.html").ToString());
        foreach (var path in new[] { "/api/chat", "/v1/chat/completions", "/v1/messages", "/api/blobs/{digest}" })
        {
            Assert.Contains($"data-path=\"{path}\"", page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Failed to load API definition", page, StringComparison.Ordinal);
    }
}
