using System.Text;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>Writes an answer as it streams: thinking apart from content, words kept whole at the edge.</summary>
/// <param name="writer">Where to.</param>
/// <param name="styled">Thinking is grey.</param>
/// <param name="wrapColumns">Columns to wrap at, less than the terminal has; null leaves wrapping to it.</param>
/// <param name="thinkingHidden">Leaves thinking out.</param>
internal sealed class AnswerWriter(TextWriter writer, bool styled, int? wrapColumns, bool thinkingHidden)
{
    private const string Grey = "\u001b[90m";
    private const string Plain = "\u001b[0m";

    private string _word = "";
    private int _column;
    private bool _thinking;

    /// <summary>Something was written since the end of the last answer.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Writes a piece of the reasoning.</summary>
    public void WriteThinking(string text)
    {
        if (text.Length == 0 || thinkingHidden)
        {
            return;
        }

        if (!_thinking)
        {
            (_thinking, HasWritten) = (true, true);
            writer.Write(styled ? $"{Grey}Thinking...\n" : "Thinking...\n");
        }

        Write(text);
    }

    /// <summary>Writes a piece of the answer.</summary>
    public void WriteContent(string text)
    {
        if (text.Length > 0)
        {
            EndThinking();
            Write(text);
        }
    }

    /// <summary>Writes what is held back, and a line break.</summary>
    public void End()
    {
        EndThinking();
        writer.Write('\n');
        writer.Flush();
        _word = "";
        _column = 0;
        HasWritten = false;
    }

    private void EndThinking()
    {
        if (!_thinking)
        {
            return;
        }

        _thinking = false;
        writer.Write(styled ? $"\n...done thinking.{Plain}\n\n" : "\n...done thinking.\n\n");
        _word = "";
        _column = 0;
    }

    private void Write(string text)
    {
        HasWritten = true;
        if (wrapColumns is not { } width)
        {
            writer.Write(text);
        }
        else
        {
            foreach (var rune in text.EnumerateRunes())
            {
                WriteWrapped(rune, width);
            }
        }

        writer.Flush();
    }

    private void WriteWrapped(Rune rune, int width)
    {
        if (rune.Value is ' ' or '\n')
        {
            _word = "";
            writer.Write((char)rune.Value);
            _column = rune.Value == '\n' ? 0 : _column + 1;
            return;
        }

        var runeWidth = TextWidth.Of(rune);
        var wordWidth = TextWidth.Of(_word);
        if (_column + runeWidth > width && wordWidth + runeWidth < width)
        {
            // The word was shown while it grew; now it moves to the next line as a whole.
            writer.Write(wordWidth > 0 ? $"\u001b[{wordWidth}D\u001b[K\n{_word}" : "\n");
            _column = wordWidth;
        }

        _word += rune.ToString();
        writer.Write(rune.ToString());
        _column += runeWidth;
    }
}
