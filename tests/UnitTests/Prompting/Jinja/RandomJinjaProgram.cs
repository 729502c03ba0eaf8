using System.Text;

namespace Ollama.Platform.UnitTests.Prompting.Jinja;

/// <summary>Writes templates that are well formed and otherwise arbitrary.</summary>
internal static class RandomJinjaProgram
{
    private const int DepthMax = 4;

    private static readonly string[] Values =
    [
        "s", "l", "d", "n", "e", "undefined_name", "1", "-3", "2.5", "true", "none", "'a{}%s'", "[1, 'x']", "{'k': l}",
        "99999999", "v", "v.x", "l[0]", "d['a']", "loop",
    ];

    private static readonly string[] Operators =
        ["+", "-", "*", "%", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or", "//", "**", "is"];

    private static readonly string[] Filters =
    [
        "length", "trim", "upper", "tojson", "join(',')", "list", "first", "last", "default('x')", "string", "int",
        "sort",
        "items", "replace('a', 'aaaa')", "indent(4)", "unique", "reverse", "map('upper')", "batch(2)", "center(80)",
    ];

    public static string Write(Random random)
    {
        var text = new StringBuilder("{% set v = s %}{% macro m(v) %}");
        WriteList(text, random, 1);
        text.Append("{% endmacro %}");
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
        switch (depth >= DepthMax ? random.Next(3) : random.Next(7))
        {
            case 0:
                text.Append(" text\n");
                break;
            case 1:
                text.Append("{{ ").Append(Expression(random, 0)).Append(" }}");
                break;
            case 2:
                text.Append("{% set v = ").Append(Expression(random, 0)).Append(" %}");
                break;
            case 3:
                text.Append("{{ m(").Append(Expression(random, 0)).Append(") }}");
                break;
            case 4:
                text.Append("{% if ").Append(Expression(random, 0)).Append(" %}");
                WriteList(text, random, depth + 1);
                text.Append("{% else %}");
                WriteList(text, random, depth + 1);
                text.Append("{% endif %}");
                break;
            default:
                text.Append("{% for v in ").Append(Expression(random, 0)).Append(" %}");
                WriteList(text, random, depth + 1);
                text.Append(random.Next(4) == 0 ? "{% break %}{% endfor %}" : "{% endfor %}");
                break;
        }
    }

    private static string Expression(Random random, int depth)
    {
        var value = Values[random.Next(Values.Length)];
        if (depth > 2)
        {
            return value;
        }

        return random.Next(6) switch
        {
            0 => $"({Expression(random, depth + 1)} {Operators[random.Next(Operators.Length - 1)]} {value})",
            1 => $"{value} | {Filters[random.Next(Filters.Length)]}",
            2 => $"({value} if {Expression(random, depth + 1)} else {Expression(random, depth + 1)})",
            3 => $"({Expression(random, depth + 1)})[{random.Next(-2, 3)}:]",
            _ => value,
        };
    }
}
