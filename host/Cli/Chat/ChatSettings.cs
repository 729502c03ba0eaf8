using System.Text.Json.Nodes;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>What a chat sends besides its messages; the flags of <c>run</c> and <c>/set</c> change it.</summary>
internal sealed class ChatSettings
{
    private const int WrapColumnsMin = 20;

    /// <summary>The model.</summary>
    public required string Model { get; set; }

    /// <summary>The keep-alive time as typed; null for the server's.</summary>
    public string? KeepAlive { get; init; }

    /// <summary>The output format, <c>json</c> or a schema; null leaves it free.</summary>
    public JsonNode? Format { get; set; }

    /// <summary>Whether or how hard to think; null leaves it to the model.</summary>
    public JsonNode? Think { get; set; }

    /// <summary>Leaves thinking out of what is shown.</summary>
    public bool ThinkingHidden { get; init; }

    /// <summary>Prints durations and rates after an answer.</summary>
    public bool Verbose { get; set; }

    /// <summary>Wraps words at the edge of the terminal.</summary>
    public bool WordWrap { get; set; } = true;

    /// <summary>Options by name.</summary>
    public JsonObject Options { get; private set; } = [];

    /// <summary>The system message; null for the model's own.</summary>
    public string? System { get; set; }

    /// <summary>Forgets the options.</summary>
    public void ClearOptions() => Options = [];

    /// <summary>The fields that every request of the chat has.</summary>
    public JsonObject NewBody()
    {
        var body = new JsonObject { ["model"] = Model };
        if (Options.Count > 0)
        {
            body["options"] = Options.DeepClone();
        }

        Set(body, "format", Format);
        Set(body, "think", Think);
        Set(body, "keep_alive", KeepAliveValue());
        return body;
    }

    /// <summary>Where an answer is wrapped; null leaves that to the terminal, or to whoever reads a file.</summary>
    public int? WrapColumns(CommandContext context, IChatTerminal terminal) =>
        // One column stays free: a terminal that has filled its last one is neither here nor there.
        WordWrap && context.IsOutputTerminal ? Math.Max(terminal.Columns - 1, WrapColumnsMin) : null;

    /// <summary>Reads the value of <c>--think</c>.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static JsonNode? ReadThink(string? text) => text switch
    {
        null => null,
        "" or "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        "low" or "medium" or "high" or "max" => JsonValue.Create(text),
        _ => throw new CommandException($"invalid value for --think: \"{text}\" (true, false, low, medium, high, max)"),
    };

    private static void Set(JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
        {
            body[name] = value.DeepClone();
        }
    }

    // A bare number means seconds, which the API takes as a number only.
    private JsonValue? KeepAliveValue() =>
        KeepAlive is null ? null
        : double.TryParse(KeepAlive, global::System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            ? JsonValue.Create(seconds)
            : JsonValue.Create(KeepAlive);
}
