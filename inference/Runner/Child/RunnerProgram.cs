using System.Net.Sockets;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>The program that a runner's process executes.</summary>
public static class RunnerProgram
{
    /// <summary>Connects to the owner and works for it until that is over.</summary>
    /// <param name="address">Path of the owner's Unix socket.</param>
    /// <returns>False when there is no owner there, or none of this build.</returns>
    public static async Task<bool> RunAsync(string address)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), CancellationToken.None);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return false;
        }

        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var session = new RunnerSession(
            new StreamPipe(stream),
            (path, loggers) => LlamaEngineLoader.Open(new LlamaEngineOptions { LibraryPath = path }, loggers),
            TimeProvider.System);
        return await session.RunAsync();
    }
}
