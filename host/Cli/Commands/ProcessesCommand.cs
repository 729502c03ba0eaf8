using System.Globalization;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;
using Ollama.Platform.Host.Cli.Display;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>Lists the models that are loaded.</summary>
internal static class ProcessesCommand
{
    private const int DigestLength = 12;
    private static readonly string[] Heading = ["NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL"];

    public static async Task RunAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        var reply = await context.Server.GetAsync("api/ps", cancellationToken);
        var models = Reply.Items(reply, "models").ToList();
        if (json)
        {
            await Reply.WriteArrayAsync(context.Out, models);
            return;
        }

        var now = context.Time.GetUtcNow();
        await context.Out.WriteAsync(Columns.Format(Heading, [.. models.Select(IReadOnlyList<string> (model) =>
        [
            Reply.Text(model, "name"),
            Reply.Text(model, "digest") is { Length: > DigestLength } digest ? digest[..DigestLength] : "-",
            ByteText.Format(Reply.Number(model, "size")),
            Processor(Reply.Number(model, "size"), Reply.Number(model, "size_vram")),
            Reply.Number(model, "context_length").ToString(CultureInfo.InvariantCulture),
            Until(model, now),
        ])]));
    }

    private static string Processor(long total, long vram)
    {
        if (vram == 0 || total == 0)
        {
            return "100% CPU";
        }

        var cpuPercent = (int)Math.Round((total - vram) * 100.0 / total);
        return vram >= total ? "100% GPU" : $"{cpuPercent}%/{100 - cpuPercent}% CPU/GPU";
    }

    private static string Until(JsonObject model, DateTimeOffset now) =>
        RelativeTime.Parse(Reply.Text(model, "expires_at")) is { } moment && moment <= now
            ? "Stopping..."
            : RelativeTime.Format(RelativeTime.Parse(Reply.Text(model, "expires_at")), now);
}
