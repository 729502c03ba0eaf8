using System.Net;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>The commands that are one call: copy, remove and stop.</summary>
internal static class ModelCommands
{
    public static async Task CopyAsync(
        CommandContext context, string source, string destination, CancellationToken cancellationToken)
    {
        await context.Server.PostAsync(
            "api/copy", new JsonObject { ["source"] = source, ["destination"] = destination }, cancellationToken);
        await context.Out.WriteLineAsync($"copied '{source}' to '{destination}'");
    }

    /// <summary>Removes models in turn; the first that cannot be removed ends the command.</summary>
    public static async Task RemoveAsync(
        CommandContext context, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        foreach (var model in models)
        {
            try
            {
                // The server would keep a deleted model in memory until it is idle for long enough.
                await UnloadAsync(context, model, cancellationToken);
            }
            catch (ServerException failure) when (failure.Status is not null)
            {
                // A model that cannot be unloaded, or is none, may still be removed; the next call says what holds.
            }

            await context.Server.DeleteAsync(
                "api/delete", new JsonObject { ["model"] = model }, cancellationToken);
            await context.Out.WriteLineAsync($"deleted '{model}'");
        }
    }

    public static async Task StopAsync(CommandContext context, string model, CancellationToken cancellationToken)
    {
        try
        {
            await UnloadAsync(context, model, cancellationToken);
        }
        catch (ServerException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            throw new CommandException($"couldn't find model \"{model}\" to stop");
        }
    }

    private static Task<JsonObject> UnloadAsync(
        CommandContext context, string model, CancellationToken cancellationToken) =>
        context.Server.PostAsync(
            "api/generate",
            new JsonObject { ["model"] = model, ["keep_alive"] = 0, ["stream"] = false },
            cancellationToken);
}
