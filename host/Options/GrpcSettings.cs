using System.Security.Cryptography.X509Certificates;

namespace Ollama.Platform.Host.Options;

/// <summary>The settings of the gRPC dialect.</summary>
internal sealed record GrpcSettings
{
    /// <summary>Where to listen; null for nowhere (<c>OLLAMA_GRPC_HOST</c>).</summary>
    public ListenAddress? Listen { get; init; }

    /// <summary>The address was set, so that one that is taken stops the start.</summary>
    public bool IsAddressAsked { get; init; }

    /// <summary>Serves TLS with it; null for none (<c>OLLAMA_GRPC_CERT</c>, <c>OLLAMA_GRPC_KEY</c>).</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What stands between it and a root, which clients may not have.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>Serves gRPC-Web, too (<c>OLLAMA_GRPC_WEB</c>).</summary>
    public bool Web { get; init; }

    /// <summary>Tells clients which services there are (<c>OLLAMA_GRPC_REFLECTION</c>).</summary>
    public bool Reflection { get; init; } = true;

    /// <summary>Compresses answers (<c>OLLAMA_GRPC_GZIP</c>).</summary>
    public bool AnswersCompressed { get; init; }

    /// <summary>Longest message in bytes (<c>OLLAMA_GRPC_MAX_MESSAGE</c>).</summary>
    public int MessageBytesMax { get; init; } = 64 * 1024 * 1024;
}
