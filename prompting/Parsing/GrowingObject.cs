using System.Text;
using System.Text.Encodings.Web;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Writes the values of tag-style arguments as JSON while they are read: what can only be a text grows by each
/// character, any other comes when it is complete. Gives what <see cref="TypedArgument"/> makes of the same values.
/// </summary>
/// <param name="types">The declared types.</param>
/// <param name="keepsLineFeeds">Line feeds at the ends of a value are part of it.</param>
internal sealed class GrowingObject(ParameterTypes types, bool keepsLineFeeds)
{
    private const string Null = "null";

    private static readonly string[] OtherTypes = ["boolean", "integer", "number", "array", "object"];

    private readonly StringBuilder _value = new();
    private IReadOnlySet<string> _types = new HashSet<string>();
    private bool _isJson;
    private bool _isText;
    private bool _isOpen;
    private bool _isAtStart;
    private bool _endsLine;

    /// <summary>What is certain; the last brace is not among it before <see cref="End"/>.</summary>
    public StringBuilder Json { get; } = new("{");

    /// <summary>Begins the value of a parameter.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="isJson">The model says that its value is JSON.</param>
    public void BeginValue(string name, bool isJson = false)
    {
        AddName(name);
        _types = types.Of(name);
        (_isJson, _isText) = (isJson, !isJson && !_types.Overlaps(OtherTypes));
        (_isOpen, _isAtStart, _endsLine) = (false, !keepsLineFeeds, false);
    }

    /// <summary>Begins a value that is a text, whatever was declared.</summary>
    public void BeginText(string name)
    {
        AddName(name);
        Json.Append('"');
        (_isText, _isOpen, _isAtStart, _endsLine) = (true, true, false, false);
    }

    /// <summary>Adds a complete value.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="json">The value.</param>
    public void AddValue(string name, string json)
    {
        AddName(name);
        Json.Append(json);
    }

    /// <summary>Reads the next character of the value.</summary>
    public void Add(char character)
    {
        var isAtStart = _isAtStart;
        _isAtStart = false;
        if (isAtStart && character == '\n')
        {
            return;
        }

        if (_endsLine)
        {
            Put('\n');
        }

        // The last line feed may be the layout's; the next character tells.
        _endsLine = character == '\n' && !keepsLineFeeds;
        if (!_endsLine)
        {
            Put(character);
        }
    }

    /// <summary>Ends the value.</summary>
    public void EndValue()
    {
        var rest = _value.ToString();
        _value.Clear();
        if (_isOpen)
        {
            Json.Append(Encode(rest)).Append('"');
            return;
        }

        Json.Append(TypedArgument.ToText(writer =>
        {
            if (!_isJson || !TypedArgument.TryWriteAnyJson(writer, rest))
            {
                TypedArgument.Write(writer, rest, _types);
            }
        }));
    }

    /// <summary>Ends the arguments.</summary>
    public void End() => Json.Append('}');

    private void AddName(string name) =>
        Json.Append(Json.Length > 1 ? "," : "").Append('"').Append(Encode(name)).Append("\":");

    private void Put(char character)
    {
        _value.Append(character);
        if (!_isText || (!_isOpen && MayBeNull()))
        {
            return;
        }

        Json.Append(_isOpen ? "" : "\"");
        _isOpen = true;

        // Half a pair of surrogates cannot be written.
        if (!char.IsHighSurrogate(character))
        {
            Json.Append(Encode(_value.ToString()));
            _value.Clear();
        }
    }

    private bool MayBeNull() =>
        _value.Length <= Null.Length && Null.StartsWith(_value.ToString(), StringComparison.OrdinalIgnoreCase);

    private static string Encode(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
}
