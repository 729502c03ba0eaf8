using System.Text;

namespace Ollama.Platform.UnitTests.Prompting.Go;

/// <summary>Writes templates that are well formed and otherwise arbitrary.</summary>
internal static class RandomGoProgram
{
    private const int DepthMax = 4;

    private static readonly string[] Values =
    [
        ".", "$", ".Name", ".List", ".Map", ".People", ".Deep.Er", ".None", ".Missing", "$.Umlaut", "1", "-3", "2.5",
        "true",
        "nil", "\"%5d|%v|%q\"", "`x`", "'a'", "99999999", "$v",
    ];

    private static readonly string[] Functions =
    [
        "eq", "ne", "lt", "ge", "and", "or", "not", "len", "index", "slice", "print", "printf", "println", "json",
        "html",
        "js", "urlquery", "call", "currentDate", "toTypeScriptType",
    ];

    public static string Write(Random random)
    {
        var text = new StringBuilder("{{ $v := .Name }}{{ define \"t\" }}{{ $v := . }}");
        WriteList(text, random, 1);
        text.Append("{{ end }}");
        WriteList(text, random, 0);
        return text.ToString();
    }

    private static void WriteList(StringBuilder text, Random random, int depth)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            WriteNode(text, random, depth);
        }
    }

    private static void WriteNode(StringBuilder text, Random random, int depth)
    {
        var kind = depth >= DepthMax ? random.Next(3) : random.Next(8);
        switch (kind)
        {
            case 0:
                text.Append(" text\n");
                break;
            case 1 or 2:
                text.Append(random.Next(2) == 0 ? "{{ " : "{{- ").Append(Pipe(random, 0)).Append(" }}");
                break;
            case 3:
                text.Append("{{ $v = ").Append(Pipe(random, 0)).Append(" }}");
                break;
            case 4:
                text.Append("{{ template \"t\" ").Append(Pipe(random, 0)).Append(" }}");
                break;
            default:
                WriteBranch(text, random, depth, kind);
                break;
        }
    }

    private static void WriteBranch(StringBuilder text, Random random, int depth, int kind)
    {
        string[] words = ["if", "with", "range"];
        var word = words[kind - 5];
        text.Append("{{ ").Append(word).Append(random.Next(3) == 0 ? " $v := " : " ");
        text.Append(Pipe(random, 0)).Append(" }}");
        WriteList(text, random, depth + 1);
        if (word == "range" && random.Next(3) == 0)
        {
            text.Append(random.Next(2) == 0 ? "{{ break }}" : "{{ continue }}");
        }

        if (random.Next(2) == 0)
        {
            text.Append("{{ else }}");
            WriteList(text, random, depth + 1);
        }

        text.Append("{{ end }}");
    }

    private static string Pipe(Random random, int depth)
    {
        if (random.Next(3) > 0 || depth > 2)
        {
            return Values[random.Next(Values.Length - 3)] is var value && value == "nil" ? "\"nil\"" : value;
        }

        var call = new StringBuilder(Functions[random.Next(Functions.Length)]);
        for (var count = random.Next(0, 3); count > 0; count--)
        {
            var isNested = random.Next(3) == 0;
            call.Append(' ').Append(isNested ? $"({Pipe(random, depth + 1)})" : Values[random.Next(Values.Length)]);
        }

        return random.Next(4) == 0 ? $"{call} | {Functions[random.Next(Functions.Length)]}" : call.ToString();
    }
}
