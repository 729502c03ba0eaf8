using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Display;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>Moves models between the server and a registry; the server does the work and goes on if we leave.</summary>
internal static class TransferCommands
{
    public static Task PullAsync(
        CommandContext context, string model, bool insecure, CancellationToken cancellationToken) =>
        ShowAsync(context, "api/pull", model, insecure, cancellationToken);

    public static Task PushAsync(
        CommandContext context, string model, bool insecure, CancellationToken cancellationToken) =>
        ShowAsync(context, "api/push", model, insecure, cancellationToken);

    private static Task ShowAsync(
        CommandContext context, string path, string model, bool insecure, CancellationToken cancellationToken) =>
        new TransferDisplay(context).ShowAsync(context.Server.StreamAsync(
            path, new JsonObject { ["model"] = model, ["insecure"] = insecure }, cancellationToken));
}
