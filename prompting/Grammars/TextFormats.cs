namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// The formats of strings that a grammar keeps to, as patterns. JSON Schema calls formats annotations, so those that
/// are not here change nothing. A pattern may leave out rare spellings, but lets nothing through that the format
/// excludes.
/// </summary>
internal static class TextFormats
{
    private const string Leap =
        "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29";

    private const string Date =
        $"(([0-9]{{4}}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
        + $"|02-(0[1-9]|1[0-9]|2[0-8])))|{Leap})";

    private const string Clock = @"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?";
    private const string Offset = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    private const string Label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Host = $@"{Label}(\.{Label}){{0,8}}";
    private const string Octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private const string Path = "[A-Za-z0-9._~!$&'()*+,;=:@/-]*";

    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["date"] = $"^{Date}$",
        ["time"] = $"^{Clock}{Offset}$",
        ["date-time"] = $"^{Date}T{Clock}{Offset}$",
        ["duration"] = "^P([0-9]{1,9}W|([0-9]{1,9}Y)?([0-9]{1,9}M)?[0-9]{1,9}D(T[0-9]{1,9}H([0-9]{1,9}M)?)?"
            + "|T([0-9]{1,9}H)?([0-9]{1,9}M)?[0-9]{1,9}S)$",
        ["uuid"] = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        ["ipv4"] = $@"^{Octet}\.{Octet}\.{Octet}\.{Octet}$",
        ["ipv6"] = "^[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){7}$",
        ["hostname"] = $"^{Host}$",
        ["email"] = $@"^[A-Za-z0-9_+-]{{1,32}}(\.[A-Za-z0-9_+-]{{1,31}})?@{Label}(\.{Label}){{1,4}}$",
        ["uri"] = $@"^[a-z][a-z0-9+.-]{{0,15}}://{Host}(:[0-9]{{1,4}})?(/{Path})?(\?{Path})?(#{Path})?$",
    };

    /// <summary>The pattern of a format; null when it is only an annotation.</summary>
    public static string? Find(string format) => Patterns.GetValueOrDefault(format);
}
