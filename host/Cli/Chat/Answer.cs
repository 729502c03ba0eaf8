using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;
using Ollama.Platform.Host.Cli.Display;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>One answer of the model: shown as it streams, then kept.</summary>
internal static class Answer
{
    /// <summary>Asks, shows and collects.</summary>
    /// <returns>The message to keep in the conversation; partial when it was interrupted.</returns>
    /// <exception cref="ServerException">The server refused or failed.</exception>
    public static async Task<JsonObject> ShowAsync(
        CommandContext context, string path, JsonObject body, AnswerWriter writer, bool verbose,
        CancellationToken cancellationToken)
    {
        var content = new StringBuilder();
        var thinking = new StringBuilder();
        JsonObject? last = null;
        var isWhole = false;
        try
        {
            await foreach (var line in context.Server.StreamAsync(path, body, cancellationToken))
            {
                var message = line["message"] as JsonObject ?? line;
                var thought = Reply.Text(message, "thinking");
                var text = Reply.Text(message, line.ContainsKey("message") ? "content" : "response");
                thinking.Append(thought);
                content.Append(text);
                writer.WriteThinking(thought);
                writer.WriteContent(text);
                if (message["tool_calls"] is JsonArray { Count: > 0 } calls)
                {
                    writer.WriteContent(calls.ToJsonString());
                }

                last = line;
            }

            isWhole = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The person has read enough; what came so far stays in the conversation.
        }
        finally
        {
            // Whatever ended it, a terminal must not stay grey; a refusal is no empty answer.
            if (isWhole || writer.HasWritten)
            {
                writer.End();
            }
        }

        if (verbose && last is not null)
        {
            await context.Error.WriteAsync(Statistics(last));
        }

        var kept = new JsonObject { ["role"] = "assistant", ["content"] = content.ToString() };
        if (thinking.Length > 0)
        {
            kept["thinking"] = thinking.ToString();
        }

        return kept;
    }

    private static string Statistics(JsonObject line)
    {
        var text = new StringBuilder();
        void Duration(string label, string name)
        {
            if (Reply.Number(line, name) is var nanoseconds and > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{label + ":",-22}{GoDuration.Format(nanoseconds)}\n");
            }
        }

        void Count(string label, string name)
        {
            if (Reply.Number(line, name) is var count and > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{label + ":",-22}{count} token(s)\n");
            }
        }

        void Rate(string label, string countName, string durationName)
        {
            if (Reply.Number(line, durationName) is var nanoseconds and > 0)
            {
                var rate = Reply.Number(line, countName) / Seconds(nanoseconds);
                text.Append(CultureInfo.InvariantCulture, $"{label + ":",-22}{rate:0.00} tokens/s\n");
            }
        }

        Duration("total duration", "total_duration");
        Duration("load duration", "load_duration");
        Count("prompt eval count", "prompt_eval_count");
        Duration("prompt eval duration", "prompt_eval_duration");
        Rate("prompt eval rate", "prompt_eval_count", "prompt_eval_duration");
        Count("eval count", "eval_count");
        Duration("eval duration", "eval_duration");
        Rate("eval rate", "eval_count", "eval_duration");
        return text.ToString();
    }

    private static double Seconds(long nanoseconds) => nanoseconds / 1e9;
}
