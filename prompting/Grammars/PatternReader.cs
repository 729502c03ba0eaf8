using System.Globalization;
using System.Text;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A regular expression with a place in it; reads characters, classes, escapes and counts.</summary>
internal sealed class PatternReader(string pattern, string pointer)
{
    private int _at;

    /// <summary>Whether everything is read.</summary>
    public bool AtEnd => _at == pattern.Length;

    /// <summary>The next character, which there must be.</summary>
    public char Current => pattern[_at];

    /// <summary>Whether a character comes next.</summary>
    public bool Sees(char character) => !AtEnd && Current == character;

    /// <summary>Takes a character if it comes next.</summary>
    public bool TryTake(char character)
    {
        var found = Sees(character);
        _at += found ? 1 : 0;
        return found;
    }

    /// <summary>Says what is wrong here.</summary>
    public GrammarException Error(string problem) =>
        new(pointer, string.Create(CultureInfo.InvariantCulture, $"at character {_at + 1}: {problem}"));

    /// <summary>Takes what opens a group.</summary>
    /// <exception cref="GrammarException">It is a group that looks around.</exception>
    public void OpenGroup()
    {
        _at++;
        if (!TryTake('?'))
        {
            return;
        }

        if (TryTake(':'))
        {
            return;
        }

        TryTake('P');
        if (!TryTake('<') || Sees('=') || Sees('!'))
        {
            throw Error("groups that look around, and options, cannot be honoured");
        }

        while (!TryTake('>'))
        {
            if (AtEnd)
            {
                throw Error("the name of a group does not end");
            }

            _at++;
        }
    }

    /// <summary>Takes a character, a class or an escape.</summary>
    /// <exception cref="GrammarException">It is none of them.</exception>
    public CharacterSet Characters()
    {
        if (TryTake('.'))
        {
            return CharacterSet.Any;
        }

        if (TryTake('['))
        {
            return Class();
        }

        if (TryTake('\\'))
        {
            return Escaped(isInClass: false);
        }

        var character = Plain();
        return CharacterSet.Of([(character, character)]);
    }

    /// <summary>Takes a repetition; null when none comes.</summary>
    /// <exception cref="GrammarException">Its end is before its beginning.</exception>
    public (long Min, long? Max)? Times()
    {
        if (TryTake('*'))
        {
            return (0, null);
        }

        if (TryTake('+'))
        {
            return (1, null);
        }

        if (TryTake('?'))
        {
            return (0, 1);
        }

        var start = _at;
        if (!TryTake('{') || Number() is not { } min)
        {
            // A brace that counts nothing stands for itself.
            _at = start;
            return null;
        }

        long? max = min;
        if (TryTake(','))
        {
            max = Number();
        }

        if (!TryTake('}'))
        {
            _at = start;
            return null;
        }

        return max < min ? throw Error("a repetition ends before it begins") : (min, max);
    }

    private CharacterSet Class()
    {
        var isNegated = TryTake('^');
        var set = CharacterSet.Of([]);
        while (!TryTake(']'))
        {
            if (AtEnd)
            {
                throw Error("a character class does not end");
            }

            var first = ClassMember(out var members);
            if (first < 0 || !Sees('-') || _at + 1 == pattern.Length || pattern[_at + 1] == ']')
            {
                set = set.With(members);
                continue;
            }

            _at++;
            var last = ClassMember(out _);
            set = last >= first
                ? set.With(CharacterSet.Of([(first, last)]))
                : throw Error("the range ends before it begins");
        }

        return isNegated ? set.Complement() : set;
    }

    // The character, or −1 for an escape that stands for many.
    private int ClassMember(out CharacterSet members)
    {
        if (!TryTake('\\'))
        {
            var character = Plain();
            members = CharacterSet.Of([(character, character)]);
            return character;
        }

        var isSet = !AtEnd && Current is 'd' or 'D' or 'w' or 'W' or 's' or 'S';
        var single = isSet ? -1 : SingleEscape(isInClass: true);
        members = isSet ? Escaped(isInClass: true) : CharacterSet.Of([(single, single)]);
        return single;
    }

    private CharacterSet Escaped(bool isInClass)
    {
        if (AtEnd)
        {
            throw Error("an escape does not end");
        }

        CharacterSet? set = Current switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Complement(),
            'w' => CharacterSet.Word,
            'W' => CharacterSet.Word.Complement(),
            's' => CharacterSet.Space,
            'S' => CharacterSet.Space.Complement(),
            _ => null,
        };
        if (set is not null)
        {
            _at++;
            return set;
        }

        var character = SingleEscape(isInClass);
        return CharacterSet.Of([(character, character)]);
    }

    private int SingleEscape(bool isInClass)
    {
        if (AtEnd)
        {
            throw Error("an escape does not end");
        }

        var letter = Current;
        _at++;
        switch (letter)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case '0' when AtEnd || !char.IsAsciiDigit(Current):
                return '\0';
            case 'b' when isInClass:
                return '\b';
            case 'x':
                return Hexadecimal(2);
            case 'u':
                return Hexadecimal(4);
            default:
                _at -= char.IsAsciiLetterOrDigit(letter) ? 1 : 0;
                return char.IsAsciiLetterOrDigit(letter)
                    ? throw Error($"'\\{letter}' cannot be honoured")
                    : letter;
        }
    }

    private int Plain()
    {
        if (Rune.DecodeFromUtf16(pattern.AsSpan(_at), out var rune, out var length)
            != System.Buffers.OperationStatus.Done)
        {
            throw Error("half of a surrogate pair is no character");
        }

        _at += length;
        return rune.Value;
    }

    private int Hexadecimal(int length)
    {
        if (_at + length > pattern.Length
            || !int.TryParse(
                pattern.AsSpan(_at, length),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var value)
            || char.IsSurrogate((char)value))
        {
            throw Error("an escape does not name a character");
        }

        _at += length;
        return value;
    }

    private long? Number()
    {
        var start = _at;
        while (!AtEnd && char.IsAsciiDigit(Current))
        {
            _at++;
        }

        return _at == start ? null
            : long.TryParse(pattern.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var number)
            && number <= int.MaxValue
                ? number
                : throw Error("the number is too large");
    }
}
