namespace Ollama.Platform.Api.Grpc;

/// <summary>What the host decides about the gRPC dialect.</summary>
public sealed class GrpcOptions
{
    /// <summary>Longest message taken, in bytes (<c>OLLAMA_GRPC_MAX_MESSAGE</c>); images make them long.</summary>
    public int MessageBytesMax { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Compresses answers for clients that can read them (<c>OLLAMA_GRPC_GZIP</c>). Vectors hardly get smaller by it.
    /// </summary>
    public bool AnswersCompressed { get; set; }

    /// <summary>
    /// Serves gRPC-Web on every port (<c>OLLAMA_GRPC_WEB</c>), for browsers, which have no other way.
    /// </summary>
    public bool Web { get; set; }

    /// <summary>Tells clients which services and messages there are (<c>OLLAMA_GRPC_REFLECTION</c>).</summary>
    public bool Reflection { get; set; } = true;

    /// <summary>Calls that may watch models or health at once.</summary>
    public int WatcherCountMax { get; set; } = 256;
}
