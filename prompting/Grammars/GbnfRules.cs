using System.Globalization;
using System.Text;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The rules of a grammar in the making. Those of JSON itself are added when first asked for.</summary>
/// <param name="limits">Bounds on its size.</param>
/// <param name="compact">Lets JSON have a space where white space may stand, and no new line.</param>
/// <param name="prefix">What the names of all rules begin with, where other rules stand beside them.</param>
internal sealed class GbnfRules(GrammarLimits limits, bool compact = false, string prefix = "")
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _json = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>White space, a bounded piece of it: models would go on with it for ever.</summary>
    public string Blank => Json(
        "blank",
        compact ? "\" \"?" : "\" \"{0,2} | \"\\n\" \" \"{0,24} | \"\\n\" \"\\t\"{0,12}");

    /// <summary>A character of a string, escaped or not.</summary>
    public string Character => Json("character", $"{PlainCharacter} | \"\\\\\" {Escape}");

    /// <summary>A character of a string that is written as it is.</summary>
    public string PlainCharacter => Json("plain", "[^\"\\\\\\x00-\\x1F\\x7F]");

    /// <summary>A string.</summary>
    public string Text => Json("text", $"\"\\\"\" {Character}* \"\\\"\"");

    /// <summary>A whole number.</summary>
    public string Integer => Json("integer", "\"0\" | \"-\"? [1-9] [0-9]{0,15}");

    /// <summary>A number.</summary>
    public string Number => Json(
        "number", "\"-\"? (\"0\" | [1-9] [0-9]{0,15}) (\".\" [0-9]{1,16})? ([eE] [-+]? [0-9] [0-9]?)?");

    /// <summary>True or false.</summary>
    public string Boolean => Json("boolean", "\"true\" | \"false\"");

    /// <summary>Any object.</summary>
    public string AnyObject => Nested(
        "any-object", () => $"\"{{\" {Blank} ({Pair} (\",\" {Blank} {Pair})* {Blank})? \"}}\"");

    /// <summary>Any array.</summary>
    public string AnyArray => Nested(
        "any-array", () => $"\"[\" {Blank} ({Any} (\",\" {Blank} {Any})* {Blank})? \"]\"");

    /// <summary>Any value.</summary>
    public string Any => Nested("any", () => $"{AnyObject} | {AnyArray} | {Text} | {Number} | {Boolean} | \"null\"");

    private string Pair => Nested("any-pair", () => $"{Text} \":\" {Blank} {Any}");

    private string Escape => Json("escape", $"[\"\\\\/bfnrt] | \"u\" {Unit}");

    // Half of a surrogate pair alone is no text.
    private string Unit => Json(
        "unit",
        $"[0-9A-CE-Fa-ce-f] {Hex} {Hex} {Hex} | [Dd] [0-7] {Hex} {Hex} "
        + $"| [Dd] [89ABab] {Hex} {Hex} \"\\\\u\" [Dd] [C-Fc-f] {Hex} {Hex}");

    private string Hex => Json("hex", "[0-9A-Fa-f]");

    /// <summary>Takes a name for a rule that is defined later.</summary>
    public string NewName() => string.Create(CultureInfo.InvariantCulture, $"{prefix}s{_count++}");

    /// <summary>Adds a rule.</summary>
    /// <exception cref="GrammarException">The grammar grows too large.</exception>
    public string Define(string body)
    {
        var name = NewName();
        Define(name, body);
        return name;
    }

    /// <summary>Adds a rule under a name taken before.</summary>
    /// <exception cref="GrammarException">The grammar grows too large.</exception>
    public void Define(string name, string body)
    {
        if (_count > limits.RuleCountMax)
        {
            throw new GrammarException("#", $"the schema needs more than {limits.RuleCountMax} grammar rules");
        }

        CheckLength(_text.Length + (long)body.Length);
        _text.Append(name).Append(" ::= ").Append(body).Append('\n');
    }

    /// <summary>Refuses a text that makes the grammar too long, before it is put together.</summary>
    /// <exception cref="GrammarException">It is too long.</exception>
    public void CheckLength(long length)
    {
        if (length > limits.TextLengthMax)
        {
            throw new GrammarException("#", $"the schema needs a grammar of over {limits.TextLengthMax} characters");
        }
    }

    /// <summary>The grammar.</summary>
    /// <exception cref="GrammarException">It is too large.</exception>
    public Grammar Complete(string root)
    {
        CheckLength(_text.Length + (long)root.Length);
        return new Grammar(_text.ToString(), prefix + Grammar.RootName, root);
    }

    private string Json(string name, string body)
    {
        name = prefix + name;
        if (_json.Add(name))
        {
            _text.Append(name).Append(" ::= ").Append(body).Append('\n');
        }

        return name;
    }

    // Values contain values, so the name is known before the body is.
    private string Nested(string name, Func<string> body)
    {
        name = prefix + name;
        if (_json.Add(name))
        {
            var text = body();
            _text.Append(name).Append(" ::= ").Append(text).Append('\n');
        }

        return name;
    }
}
