using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.FunctionalTests.Registries;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Grpc;

/// <summary>Models that come and go over gRPC.</summary>
public sealed class GrpcTransferTests
{
    [Fact]
    public async Task A_model_is_pulled_and_pushed_and_tells_how_far_it_is()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel((3 * RegistryHost.PartBytes) + 7);
        await using var server = await RegistryHost.StartAsync(server: options => options with
        {
            Grpc = new GrpcSettings { Listen = new ListenAddress("127.0.0.1", 0), IsAddressAsked = true },
        });

        var seen = await NodeClient.RunAsync(
            "grpc.mjs", server.GrpcAddress, "transfers", TestContext.Current.CancellationToken, registry.Model);

        var pulled = Texts(seen.GetProperty("pulled"));
        Assert.Equal("pulling manifest", pulled[0]);
        Assert.Equal(["verifying sha256 digest", "writing manifest", "success"], pulled.TakeLast(3));
        Assert.True(seen.GetProperty("moved").GetBoolean());
        Assert.Equal("success", Texts(seen.GetProperty("pushed"))[^1]);
        Assert.Equal([registry.Model], Texts(seen.GetProperty("names")));
        await server.AssertHasAsync(registry);
        Assert.Equal("NOT_FOUND", seen.GetProperty("unknown").GetProperty("code").GetString());
        Assert.Equal("MODEL_NOT_FOUND", seen.GetProperty("unknown").GetProperty("reason").GetString());
    }

    private static List<string> Texts(JsonElement list) =>
        [.. list.EnumerateArray().Select(element => element.GetString()!)];
}
