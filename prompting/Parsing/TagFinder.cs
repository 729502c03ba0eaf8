using System.Text;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds marks in text that comes by characters. Of a mark, only the first character is an angle.</summary>
/// <param name="tags">The marks.</param>
internal sealed class TagFinder(params string[] tags)
{
    private readonly StringBuilder _held = new();

    /// <summary>Reads the next character; gives the mark that it completes.</summary>
    /// <param name="character">The character.</param>
    /// <param name="text">Takes what has turned out to belong to no mark.</param>
    public string? Read(char character, StringBuilder text)
    {
        if (character == '<')
        {
            text.Append(_held);
            _held.Clear().Append(character);
            return null;
        }

        if (_held.Length == 0)
        {
            text.Append(character);
            return null;
        }

        _held.Append(character);
        foreach (var tag in tags)
        {
            if (_held.Length <= tag.Length && _held.Equals(tag.AsSpan(0, _held.Length)))
            {
                if (_held.Length < tag.Length)
                {
                    return null;
                }

                _held.Clear();
                return tag;
            }
        }

        text.Append(_held);
        _held.Clear();
        return null;
    }
}
