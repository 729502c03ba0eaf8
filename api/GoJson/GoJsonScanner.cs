namespace Ollama.Platform.Api.GoJson;

/// <summary>
/// Finds the first JSON value of a body and says what is wrong with it in the words of Go's encoding/json, which is
/// what clients and their authors know from Ollama. Bytes behind the first value are never looked at.
/// </summary>
internal ref struct GoJsonScanner
{
    /// <summary>What a body without any value is refused with.</summary>
    public const string NoValue = "EOF";

    /// <summary>
    /// Deepest nesting that is read, which is what .NET's JSON readers take by default: what passes here can be read
    /// again wherever it goes. Go allows 10 000, and no honest request comes near either.
    /// </summary>
    public const int DepthMax = 64;

    private const string UnexpectedEnd = "unexpected EOF";
    private readonly Span<byte> _body;
    private readonly bool[] _isObject = new bool[DepthMax];
    private int _depth;
    private int _position;
    private string? _error;

    private GoJsonScanner(Span<byte> body) => _body = body;

    private enum Expected
    {
        Value,
        ElementOrEnd,
        KeyOrEnd,
        Key,
        Colon,
        CommaOrEnd,
    }

    private readonly bool AtEnd => _position >= _body.Length;

    private readonly byte Current => _body[_position];

    /// <summary>
    /// Measures the first value. Escapes of half a surrogate pair are overwritten with <c>\ufffd</c>, as Go reads
    /// them; what remains is text that every later reader can decode.
    /// </summary>
    /// <returns>Null, or Go's error text.</returns>
    public static string? Scan(Span<byte> body, out Range value)
    {
        var scanner = new GoJsonScanner(body);
        scanner.SkipBlanks();
        if (scanner.AtEnd)
        {
            value = default;
            return NoValue;
        }

        var start = scanner._position;
        scanner.ScanValue();
        value = start..scanner._position;
        return scanner._error;
    }

    private void ScanValue()
    {
        var expected = Expected.Value;
        do
        {
            SkipBlanks();
            expected = AtEnd ? FailAtEnd(expected) : Step(expected);
        }
        while (_error is null && (_depth > 0 || expected != Expected.CommaOrEnd));
    }

    private Expected Step(Expected expected)
    {
        switch (expected)
        {
            case Expected.ElementOrEnd when Current == ']':
            case Expected.KeyOrEnd when Current == '}':
                return Close();
            case Expected.Value or Expected.ElementOrEnd:
                return BeginValue();
            case Expected.Key or Expected.KeyOrEnd:
                if (Current != '"')
                {
                    return Fail("looking for beginning of object key string", expected);
                }

                ScanString();
                return Expected.Colon;
            case Expected.Colon:
                return Current == ':' ? Take(Expected.Value) : Fail("after object key", expected);
            default:
                return AfterValue();
        }
    }

    private Expected AfterValue()
    {
        var inObject = _isObject[_depth - 1];
        return Current switch
        {
            (byte)',' => Take(inObject ? Expected.Key : Expected.Value),
            (byte)'}' when inObject => Close(),
            (byte)']' when !inObject => Close(),
            _ => Fail(inObject ? "after object key:value pair" : "after array element", Expected.CommaOrEnd),
        };
    }

    private Expected BeginValue()
    {
        switch (Current)
        {
            case (byte)'{':
                return Open(isObject: true);
            case (byte)'[':
                return Open(isObject: false);
            case (byte)'"':
                ScanString();
                break;
            case (byte)'t':
                ScanLiteral("true");
                break;
            case (byte)'f':
                ScanLiteral("false");
                break;
            case (byte)'n':
                ScanLiteral("null");
                break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                ScanNumber();
                break;
            default:
                return Fail("looking for beginning of value", Expected.Value);
        }

        return Expected.CommaOrEnd;
    }

    private Expected Open(bool isObject)
    {
        if (_depth == DepthMax)
        {
            return Fail("exceeded max depth", Expected.Value);
        }

        _isObject[_depth++] = isObject;
        return Take(isObject ? Expected.KeyOrEnd : Expected.ElementOrEnd);
    }

    private Expected Close()
    {
        _depth--;
        return Take(Expected.CommaOrEnd);
    }

    private void ScanLiteral(string literal)
    {
        for (var index = 0; index < literal.Length; index++, _position++)
        {
            if (AtEnd)
            {
                _error = UnexpectedEnd;
                return;
            }

            if (Current != literal[index])
            {
                Fail($"in literal {literal} (expecting '{literal[index]}')", Expected.Value);
                return;
            }
        }
    }

    private void ScanNumber()
    {
        if (Current == '-')
        {
            _position++;
        }

        if (!AtEnd && Current == '0')
        {
            _position++;
        }
        else if (!ScanDigits("in numeric literal"))
        {
            return;
        }

        if (!AtEnd && Current == '.')
        {
            _position++;
            if (!ScanDigits("after decimal point in numeric literal"))
            {
                return;
            }
        }

        if (!AtEnd && Current is (byte)'e' or (byte)'E')
        {
            _position++;
            if (!AtEnd && Current is (byte)'+' or (byte)'-')
            {
                _position++;
            }

            ScanDigits("in exponent of numeric literal");
        }
    }

    private bool ScanDigits(string place)
    {
        var start = _position;
        while (!AtEnd && Current is >= (byte)'0' and <= (byte)'9')
        {
            _position++;
        }

        if (_position == start)
        {
            _ = AtEnd ? FailAtEnd(Expected.Value) : Fail(place, Expected.Value);
        }

        return _error is null;
    }

    private void ScanString()
    {
        for (_position++; !AtEnd; _position++)
        {
            switch (Current)
            {
                case (byte)'"':
                    _position++;
                    return;
                case (byte)'\\':
                    ScanEscape();
                    break;
                case < 0x20:
                    Fail("in string literal", Expected.Value);
                    break;
                default:
                    continue;
            }

            if (_error is not null)
            {
                return;
            }
        }

        _error = UnexpectedEnd;
    }

    // Leaves the position on the last byte of the escape.
    private void ScanEscape()
    {
        _position++;
        if (AtEnd || Current is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n'
            or (byte)'r' or (byte)'t')
        {
            return;
        }

        if (Current != 'u')
        {
            Fail("in string escape code", Expected.Value);
            return;
        }

        for (var digit = 0; digit < 4; digit++)
        {
            _position++;
            if (AtEnd)
            {
                return;
            }

            if (!char.IsAsciiHexDigit((char)Current))
            {
                Fail("in \\u hexadecimal character escape", Expected.Value);
                return;
            }
        }

        ReplaceHalfPair();
    }

    private void ReplaceHalfPair()
    {
        var unit = CodeUnitAt(_position - 3);
        if (!char.IsSurrogate(unit))
        {
            return;
        }

        var rest = _body[(_position + 1)..];
        if (char.IsHighSurrogate(unit) && rest.Length >= 6 && rest[0] == '\\' && rest[1] == 'u'
            && char.IsLowSurrogate(CodeUnitAt(_position + 3)))
        {
            _position += 6;
            return;
        }

        "fffd"u8.CopyTo(_body[(_position - 3)..]);
    }

    private readonly char CodeUnitAt(int index)
    {
        var unit = 0;
        foreach (var digit in _body.Slice(index, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return '\0';
            }

            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (char)unit;
    }

    private void SkipBlanks()
    {
        while (!AtEnd && Current is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }
    }

    private Expected Take(Expected next)
    {
        _position++;
        return next;
    }

    private Expected Fail(string place, Expected expected)
    {
        _error = $"invalid character {GoText.QuoteByte(Current)} {place}";
        return expected;
    }

    private Expected FailAtEnd(Expected expected)
    {
        _error = UnexpectedEnd;
        return expected;
    }
}
