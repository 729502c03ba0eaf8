using Ollama.Platform.Host.Cli.Client;
using Ollama.Platform.Host.Cli.Display;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>Lists the models of the server, or those whose names begin with a text.</summary>
internal static class ListCommand
{
    private const int DigestLength = 12;
    private static readonly string[] Heading = ["NAME", "ID", "SIZE", "MODIFIED"];

    public static async Task RunAsync(
        CommandContext context, string? prefix, bool json, CancellationToken cancellationToken)
    {
        var reply = await context.Server.GetAsync("api/tags", cancellationToken);
        var models = Reply.Items(reply, "models").Where(model => prefix is null
            || Reply.Text(model, "name").StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
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
            // A model that another server runs has no size here.
            Reply.Text(model, "remote_model").Length > 0 ? "-" : ByteText.Format(Reply.Number(model, "size")),
            RelativeTime.Format(RelativeTime.Parse(Reply.Text(model, "modified_at")), now),
        ])]));
    }
}
