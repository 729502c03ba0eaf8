namespace Ollama.Platform.Prompting.Rendering.Known;

/// <summary>
/// Writes Go templates of one shape: a text before and one behind each message. An answer that comes last is left open
/// for the model to go on with. There are no trim markers, which would reach into the texts.
/// </summary>
internal static class TurnText
{
    private const string Begin =
        "{{ range $i, $message := .Messages }}{{ $isLast := eq (len (slice $.Messages $i)) 1 }}";

    /// <summary>All roles alike; the text before a message names the role with <c>{{ .Role }}</c>.</summary>
    public static string Named(string open, string close, string generation) =>
        $$$"""
        {{{Begin}}}{{{open}}}{{ .Content }}{{ if not (and $isLast (eq .Role "assistant")) }}{{{close}}}{{ end }}
        """ + End(generation);

    /// <summary>Each role with texts of its own.</summary>
    public static string Apart(
        (string Open, string Close) system, (string Open, string Close) user, (string Open, string Close) assistant,
        string generation) =>
        Begin + If("system") + Whole(system) + ElseIf("user") + Whole(user) + ElseIf("assistant")
            + Answer(assistant) + "{{ end }}" + End(generation);

    /// <summary>The system text is part of the first question.</summary>
    public static string Joined(
        (string Open, string Close) system, (string Open, string Close) user, (string Open, string Close) assistant,
        string generation) =>
        "{{ $system := .System }}" + Begin + If("user") + user.Open
            + $$$"""{{ if $system }}{{{system.Open}}}{{ $system }}{{{system.Close}}}{{ $system = "" }}{{ end }}"""
            + "{{ .Content }}" + user.Close + ElseIf("assistant") + Answer(assistant) + "{{ end }}" + End(generation);

    private static string If(string role) => $$$"""{{ if eq .Role "{{{role}}}" }}""";

    private static string ElseIf(string role) => $$$"""{{ else if eq .Role "{{{role}}}" }}""";

    private static string Whole((string Open, string Close) turn) => turn.Open + "{{ .Content }}" + turn.Close;

    private static string Answer((string Open, string Close) turn) =>
        $$$"""{{{turn.Open}}}{{ .Content }}{{ if not $isLast }}{{{turn.Close}}}{{ end }}""";

    private static string End(string generation) =>
        $$$"""{{ if and $isLast (ne .Role "assistant") }}{{{generation}}}{{ end }}{{ end }}""";
}
