using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ollama.Platform.Api.Grpc;

/// <summary>Marks the connections of a port that serves gRPC and nothing else.</summary>
public sealed class GrpcPort
{
    /// <summary>What a marked connection carries.</summary>
    internal static GrpcPort Mark { get; } = new();

    private GrpcPort()
    {
    }

    /// <summary>Makes an endpoint such a port.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="protocols">Versions of HTTP; more than one needs TLS, which negotiates them.</param>
    public static void Use(ListenOptions listen, HttpProtocols protocols)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.Protocols = protocols;
        listen.Use(next => connection =>
        {
            connection.Features.Set(Mark);
            return next(connection);
        });
    }
}
