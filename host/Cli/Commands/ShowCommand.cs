using System.Globalization;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;
using Ollama.Platform.Host.Cli.Display;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>Describes a model: an overview, one part of it, or everything as JSON.</summary>
internal static class ShowCommand
{
    private const int ParameterLinesMax = 10_000;
    private const int LicenseLines = 2;

    /// <summary>Prints the model.</summary>
    /// <param name="context">Streams and server.</param>
    /// <param name="model">The model.</param>
    /// <param name="part">A text field of the answer to print alone (<c>license</c>, <c>modelfile</c>, …).</param>
    /// <param name="verbose">Adds metadata and tensors.</param>
    /// <param name="json">Prints the answer as it came.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public static async Task RunAsync(
        CommandContext context, string model, string? part, bool verbose, bool json,
        CancellationToken cancellationToken)
    {
        var reply = await context.Server.PostAsync(
            "api/show", new JsonObject { ["model"] = model, ["verbose"] = verbose }, cancellationToken);
        if (part is not null)
        {
            await context.Out.WriteLineAsync(Reply.Text(reply, part));
        }
        else if (json)
        {
            await Reply.WriteAsync(context.Out, reply);
        }
        else
        {
            await WriteOverviewAsync(context.Out, reply, verbose);
        }
    }

    /// <summary>Prints the overview of an answer of <c>/api/show</c>.</summary>
    public static async Task WriteOverviewAsync(TextWriter writer, JsonObject reply, bool verbose)
    {
        var metadata = Reply.Object(reply, "model_info");
        await SectionAsync(writer, "Model", Facts(Reply.Object(reply, "details"), metadata));
        await SectionAsync(writer, "Capabilities", Single(Reply.Texts(reply, "capabilities")));
        await SectionAsync(writer, "Projector", ProjectorFacts(Reply.Object(reply, "projector_info")));
        await SectionAsync(writer, "Parameters", Parameters(Reply.Text(reply, "parameters")));
        if (verbose)
        {
            await SectionAsync(writer, "Metadata", [.. metadata.Select(IReadOnlyList<string> (pair) =>
                [pair.Key, pair.Value?.ToJsonString() ?? "null"])]);
            await SectionAsync(writer, "Tensors", [.. Reply.Items(reply, "tensors").Select(
                IReadOnlyList<string> (tensor) =>
                [
                    Reply.Text(tensor, "name"), Reply.Text(tensor, "type"),
                    tensor["shape"]?.ToJsonString() ?? "",
                ])]);
        }

        await SectionAsync(writer, "System", Lines(Reply.Text(reply, "system"), int.MaxValue));
        await SectionAsync(writer, "License", Lines(Reply.Text(reply, "license"), LicenseLines));
    }

    private static List<IReadOnlyList<string>> Facts(JsonObject details, JsonObject metadata)
    {
        var architecture = Reply.Text(metadata, "general.architecture");
        var facts = new List<IReadOnlyList<string>>();
        void Add(string name, string value)
        {
            if (value.Length > 0 && value != "0")
            {
                facts.Add([name, value]);
            }
        }

        string Count(string key) => Reply.Number(metadata, key).ToString(CultureInfo.InvariantCulture);
        Add("architecture", architecture.Length > 0 ? architecture : Reply.Text(details, "family"));
        Add("parameters", Reply.Text(details, "parameter_size"));
        Add("context length", Count($"{architecture}.context_length"));
        Add("embedding length", Count($"{architecture}.embedding_length"));
        Add("quantization", Reply.Text(details, "quantization_level"));
        return facts;
    }

    private static List<IReadOnlyList<string>> ProjectorFacts(JsonObject projector)
    {
        var architecture = Reply.Text(projector, "general.architecture");
        return projector.Count == 0
            ? []
            :
            [
                ["architecture", architecture],
                ["parameters", Reply.Text(projector, "general.parameter_count")],
                ["embedding length", Reply.Text(projector, $"{architecture}.vision.embedding_length")],
                ["dimensions", Reply.Text(projector, $"{architecture}.vision.projection_dim")],
            ];
    }

    private static List<IReadOnlyList<string>> Parameters(string text) =>
    [
        .. text.Split('\n', ParameterLinesMax, StringSplitOptions.RemoveEmptyEntries).Select(
            IReadOnlyList<string> (line) => line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries) is
                [var name, var value] ? [name, value.Trim()] : [line, ""]),
    ];

    private static List<IReadOnlyList<string>> Single(IEnumerable<string> texts) =>
        [.. texts.Select(IReadOnlyList<string> (text) => [text])];

    private static List<IReadOnlyList<string>> Lines(string text, int countMax) =>
        Single(text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).Take(countMax));

    private static async Task SectionAsync(TextWriter writer, string title, List<IReadOnlyList<string>> rows)
    {
        if (rows.Count > 0)
        {
            await writer.WriteAsync($"  {title}\n{Columns.Format([], rows, indent: 4)}\n");
        }
    }
}
