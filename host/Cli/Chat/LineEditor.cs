using System.Text;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>
/// Edits one line of input on a terminal, with the keys of common shells. Lines that are pasted together stay together.
/// </summary>
internal sealed class LineEditor(IKeys keys, TextWriter screen, InputHistory history, Func<int> columns)
{
    private readonly StringBuilder _text = new();
    private int _at;
    private int _cursorRow;

    /// <summary>How a line ended.</summary>
    public enum Ending
    {
        /// <summary>Enter: the line is complete.</summary>
        Entered,

        /// <summary>Ctrl+C: the line is dropped.</summary>
        Interrupted,

        /// <summary>Ctrl+D on an empty line, or the end of the input.</summary>
        Closed,
    }

    /// <summary>Reads a line.</summary>
    /// <param name="prompt">Shown before the line.</param>
    /// <param name="line">The line without its end.</param>
    public Ending Read(string prompt, out string line)
    {
        _text.Clear();
        _at = 0;
        _cursorRow = 0;

        // Before the prompt, which tells that keys may be pressed.
        using var taken = keys.Take();
        Draw(prompt);
        while (true)
        {
            var key = keys.Read();
            if (key is not { } pressed || (IsControl(pressed, ConsoleKey.D) && _text.Length == 0))
            {
                line = "";
                Leave(prompt);
                return Ending.Closed;
            }

            if (IsControl(pressed, ConsoleKey.C))
            {
                line = "";
                Leave(prompt);
                return Ending.Interrupted;
            }

            if (pressed.Key == ConsoleKey.Enter && !keys.IsWaiting)
            {
                line = _text.ToString();
                Leave(prompt);
                history.Add(line);
                return Ending.Entered;
            }

            Apply(pressed);
            if (!keys.IsWaiting)
            {
                // While more keys wait the picture would be wrong at once.
                Draw(prompt);
            }
        }
    }

    private void Apply(ConsoleKeyInfo key)
    {
        switch (key)
        {
            case { Key: ConsoleKey.Enter }: Insert("\n"); break;
            case { Key: ConsoleKey.Backspace }: Delete(Before(), _at); break;
            case { Key: ConsoleKey.Delete }: Delete(_at, After()); break;
            case { Key: ConsoleKey.LeftArrow, Modifiers: ConsoleModifiers.None }: _at = Before(); break;
            case { Key: ConsoleKey.RightArrow, Modifiers: ConsoleModifiers.None }: _at = After(); break;
            case { Key: ConsoleKey.LeftArrow }: _at = WordBefore(); break;
            case { Key: ConsoleKey.RightArrow }: _at = WordAfter(); break;
            case { Key: ConsoleKey.Home }: _at = 0; break;
            case { Key: ConsoleKey.End }: _at = _text.Length; break;
            case { Key: ConsoleKey.UpArrow }: Replace(history.Previous()); break;
            case { Key: ConsoleKey.DownArrow }: Replace(history.Next() ?? ""); break;
            case { Modifiers: ConsoleModifiers.Control }: ApplyControl(key.Key); break;
            case { Modifiers: ConsoleModifiers.Alt, Key: ConsoleKey.B }: _at = WordBefore(); break;
            case { Modifiers: ConsoleModifiers.Alt, Key: ConsoleKey.F }: _at = WordAfter(); break;
            case { KeyChar: '\t' }: Insert("    "); break;
            case { KeyChar: >= ' ' and not '\u007f' }: Insert(key.KeyChar.ToString()); break;
            default: break;
        }
    }

    private void ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _at = 0; break;
            case ConsoleKey.E: _at = _text.Length; break;
            case ConsoleKey.B: _at = Before(); break;
            case ConsoleKey.F: _at = After(); break;
            case ConsoleKey.D: Delete(_at, After()); break;
            case ConsoleKey.K: Delete(_at, _text.Length); break;
            case ConsoleKey.U: Delete(0, _at); break;
            case ConsoleKey.W: Delete(WordBefore(), _at); break;
            case ConsoleKey.J: Insert("\n"); break;
            case ConsoleKey.P: Replace(history.Previous()); break;
            case ConsoleKey.N: Replace(history.Next() ?? ""); break;
            case ConsoleKey.L:
                screen.Write("\u001b[H\u001b[2J");
                _cursorRow = 0;
                break;
            default: break;
        }
    }

    private void Insert(string text)
    {
        _text.Insert(_at, text);
        _at += text.Length;
    }

    private void Delete(int from, int to)
    {
        _text.Remove(from, to - from);
        _at = from;
    }

    private void Replace(string? text)
    {
        if (text is not null)
        {
            _text.Clear().Append(text);
            _at = _text.Length;
        }
    }

    // A pair of surrogates is one character.
    private int Before() => _at == 0 ? 0 : _at - (_at > 1 && char.IsLowSurrogate(_text[_at - 1]) ? 2 : 1);

    private int After() =>
        _at == _text.Length ? _at : _at + (char.IsHighSurrogate(_text[_at]) && _at + 1 < _text.Length ? 2 : 1);

    private int WordBefore()
    {
        var at = _at;
        while (at > 0 && char.IsWhiteSpace(_text[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(_text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int WordAfter()
    {
        var at = _at;
        while (at < _text.Length && char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        while (at < _text.Length && !char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        return at;
    }

    private void Leave(string prompt)
    {
        _at = _text.Length;
        Draw(prompt);
        screen.Write("\r\n");
        screen.Flush();
    }

    // Draws everything again: simple, and right however the line wraps.
    private void Draw(string prompt)
    {
        var text = _text.ToString();
        if (_cursorRow > 0)
        {
            screen.Write($"\u001b[{_cursorRow}A");
        }

        screen.Write("\r\u001b[J");
        screen.Write(prompt);
        screen.Write(text.Replace("\n", "\r\n", StringComparison.Ordinal));
        var width = Math.Max(columns(), 2);
        var (endRow, endColumn) = Place(prompt + text, width);
        if (endColumn == 0 && endRow > 0 && !text.EndsWith('\n'))
        {
            // The terminal wraps only with the next character.
            screen.Write("\r\n");
        }

        var (row, column) = Place(prompt + text[.._at], width);
        if (endRow > row)
        {
            screen.Write($"\u001b[{endRow - row}A");
        }

        screen.Write("\r");
        if (column > 0)
        {
            screen.Write($"\u001b[{column}C");
        }

        screen.Flush();
        _cursorRow = row;
    }

    private static (int Row, int Column) Place(string text, int width)
    {
        var (row, column) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                (row, column) = (row + 1, 0);
                continue;
            }

            var runeWidth = TextWidth.Of(rune);
            if (column + runeWidth > width)
            {
                (row, column) = (row + 1, 0);
            }

            column += runeWidth;
            if (column == width)
            {
                (row, column) = (row + 1, 0);
            }
        }

        return (row, column);
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) =>
        key.Key == letter && key.Modifiers.HasFlag(ConsoleModifiers.Control);
}
