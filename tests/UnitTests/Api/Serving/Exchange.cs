using System.Text;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>A request and its answer as a transcript writes them.</summary>
/// <param name="Script">Name of the script that the models play.</param>
/// <param name="Comment">Lines that stand in front of the request.</param>
/// <param name="RequestHead">Method and path, then headers.</param>
/// <param name="Body">The request's body.</param>
/// <param name="Answer">The answer, from its status to its last block.</param>
internal sealed record Exchange(
    string Script, IReadOnlyList<string> Comment, IReadOnlyList<string> RequestHead, string Body, string Answer)
{
    private const string DefaultScript = "greeting";

    /// <summary>Reads all exchanges of a transcript.</summary>
    public static IReadOnlyList<Exchange> ParseAll(string transcript)
    {
        var exchanges = new List<Exchange>();
        var lines = transcript.Split('\n');
        for (var index = 0; index < lines.Length;)
        {
            var script = DefaultScript;
            var comment = Take(line => !line.StartsWith(">>> ", StringComparison.Ordinal));
            foreach (var line in comment.Where(line => line.StartsWith("@script ", StringComparison.Ordinal)))
            {
                script = line["@script ".Length..];
            }

            var head = Take(line => line.StartsWith(">>> ", StringComparison.Ordinal)).Select(line => line[4..]);
            var body = Take(line => !line.StartsWith("<<< ", StringComparison.Ordinal));
            var answer = Take(line => line.Length > 0 && line[0] is not ('#' or '@')
                && !line.StartsWith(">>> ", StringComparison.Ordinal));
            if (answer.Count > 0)
            {
                exchanges.Add(new Exchange(
                    script, comment, [.. head], string.Join('\n', body), string.Join('\n', answer)));
            }

            List<string> Take(Predicate<string> belongs)
            {
                var taken = new List<string>();
                for (; index < lines.Length && belongs(lines[index]); index++)
                {
                    taken.Add(lines[index]);
                }

                return taken;
            }
        }

        return exchanges;
    }

    /// <summary>The exchange as the transcript has it, with this answer.</summary>
    public string Render(string answer)
    {
        var text = new StringBuilder();
        foreach (var line in Comment)
        {
            text.Append(line).Append('\n');
        }

        foreach (var line in RequestHead)
        {
            text.Append(">>> ").Append(line).Append('\n');
        }

        return text.Append(Body).Append(Body.Length > 0 ? "\n" : "").Append(answer).Append('\n').ToString();
    }
}
