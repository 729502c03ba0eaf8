using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.FunctionalTests.Grpc;

/// <summary>The real host with a port for gRPC.</summary>
public sealed class GrpcServerFixture : IAsyncLifetime
{
    internal HostedServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await HostedServer.StartAsync(options => options with
    {
        Grpc = new GrpcSettings { Listen = new ListenAddress("127.0.0.1", 0), IsAddressAsked = true },
    });

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
