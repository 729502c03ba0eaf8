using System.Text;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// The grammar of names that are none of those given: a path beside their tree. It has no escapes, with which a given
/// name could be spelled differently. Pure.
/// </summary>
internal static class KeyExclusion
{
    /// <summary>Adds the rules.</summary>
    /// <returns>The rule of a whole name with its quotation marks; null when a name is too long for it.</returns>
    public static string? Compile(GbnfRules rules, IEnumerable<string> names, int lengthMax)
    {
        // Names that need escapes cannot be met.
        var runes = names.Where(name => GbnfText.JsonText(name).Length == name.Length + 2)
            .Select(name => name.EnumerateRunes().ToArray())
            .ToArray();
        if (runes.Any(name => name.Length > lengthMax))
        {
            return null;
        }

        var rest = rules.Define($"{rules.PlainCharacter}* {GbnfText.Quote}");
        return $"{GbnfText.Quote} {Node(rules, rest, runes, 0)}";
    }

    private static string Node(GbnfRules rules, string rest, Rune[][] names, int depth)
    {
        List<string> choices = [];
        if (names.All(name => name.Length > depth))
        {
            choices.Add(GbnfText.Quote);
        }

        var groups = names.Where(name => name.Length > depth).GroupBy(name => name[depth]).ToArray();
        var taken = string.Concat(groups.Select(group => GbnfText.OfClass(group.Key.Value)));
        choices.Add($"[^\"\\\\\\x00-\\x1F\\x7F{taken}] {rest}");
        foreach (var group in groups)
        {
            var child = Node(rules, rest, [.. group], depth + 1);
            choices.Add($"[{GbnfText.OfClass(group.Key.Value)}] {child}");
        }

        return rules.Define(string.Join(" | ", choices));
    }
}
