using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;
using Ollama.Platform.Host.Cli.Commands;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>
/// Talks to a model: a chat on a terminal; one answer when there is a prompt or the input comes from elsewhere; a
/// vector when the model only embeds.
/// </summary>
internal static class RunCommand
{
    /// <summary>Runs until the answer is complete or the person leaves.</summary>
    public static async Task RunAsync(
        CommandContext context, ChatSettings settings, string prompt, bool insecure, JsonObject embedding,
        IChatTerminal terminal, CancellationToken cancellationToken)
    {
        var model = await ShowOrPullAsync(context, settings.Model, insecure, cancellationToken);
        if (!context.IsInputTerminal)
        {
            // Reading from a pipe blocks, and cannot be broken off.
            var piped = await Task.Run(() => context.In.ReadToEnd(), cancellationToken).WaitAsync(cancellationToken);
            prompt = piped.Length == 0 ? prompt : prompt.Length == 0 ? piped : $"{piped} {prompt}";
        }

        var capabilities = Reply.Texts(model, "capabilities");
        if (capabilities.Contains("embedding") && !capabilities.Contains("completion"))
        {
            await EmbedAsync(context, settings, prompt, embedding, cancellationToken);
        }
        else if (prompt.Length > 0 || !context.IsInputTerminal)
        {
            await AnswerAsync(
                context, settings, prompt, capabilities, settings.WrapColumns(context, terminal), cancellationToken);
        }
        else
        {
            await new ChatSession(context, settings, terminal, capabilities.Contains("vision"))
                .RunAsync(model, cancellationToken);
        }
    }

    private static async Task<JsonObject> ShowOrPullAsync(
        CommandContext context, string model, bool insecure, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["model"] = model };
        try
        {
            return await context.Server.PostAsync("api/show", body, cancellationToken);
        }
        catch (ServerException failure) when (failure.Status == HttpStatusCode.NotFound)
        {
            await TransferCommands.PullAsync(context, model, insecure, cancellationToken);
            return await context.Server.PostAsync("api/show", body, cancellationToken);
        }
    }

    private static async Task AnswerAsync(
        CommandContext context, ChatSettings settings, string prompt, IReadOnlyList<string> capabilities,
        int? wrapColumns, CancellationToken cancellationToken)
    {
        var body = settings.NewBody();
        if (capabilities.Contains("vision") && ImagePaths.Extract(prompt, out prompt) is { Count: > 0 } images)
        {
            body["images"] = images;
        }

        body["prompt"] = prompt;
        if (settings.System is not null)
        {
            body["system"] = settings.System;
        }

        var writer = new AnswerWriter(
            context.Out, context.IsOutputTerminal, wrapColumns, settings.ThinkingHidden);
        await Answer.ShowAsync(context, "api/generate", body, writer, settings.Verbose, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task EmbedAsync(
        CommandContext context, ChatSettings settings, string prompt, JsonObject embedding,
        CancellationToken cancellationToken)
    {
        if (prompt.Length == 0)
        {
            throw new CommandException("embedding models require input text; give it as an argument or on stdin");
        }

        var body = settings.NewBody();
        body.Remove("format");
        body.Remove("think");
        body["input"] = prompt;
        foreach (var (name, value) in embedding)
        {
            body[name] = value?.DeepClone();
        }

        var reply = await context.Server.PostAsync("api/embed", body, cancellationToken);
        var vector = reply["embeddings"] is JsonArray { Count: > 0 } vectors ? vectors[0] : null;
        await context.Out.WriteLineAsync(vector?.ToJsonString() ?? "[]");
    }

    /// <summary>Reads the value of <c>--format</c>: <c>json</c> or a JSON schema.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static JsonNode? ReadFormat(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text == "json")
        {
            return JsonValue.Create(text);
        }

        try
        {
            return JsonNode.Parse(text) as JsonObject
                ?? throw new CommandException("--format takes \"json\" or a JSON schema");
        }
        catch (JsonException failure)
        {
            throw new CommandException($"--format takes \"json\" or a JSON schema: {failure.Message}");
        }
    }
}
