using System.Buffers.Binary;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Walks over the fields of a protobuf message. It copies nothing: a hostile length is harmless.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _bytes;
    private ulong _number;
    private int _wireType;

    /// <summary>Number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>The field is a whole number.</summary>
    public readonly bool IsNumber => _wireType == 0;

    /// <summary>The field is a text, bytes or a message.</summary>
    public readonly bool IsBytes => _wireType == 2;

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="ConversionException">The message is damaged.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        (Field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        switch (_wireType)
        {
            case 0:
                _number = ReadVarint();
                break;
            case 1:
                _bytes = Take(8);
                break;
            case 2:
                var length = ReadVarint();
                _bytes = length <= int.MaxValue ? Take((int)length) : throw Damaged();
                break;
            case 5:
                _bytes = Take(4);
                break;
            default:
                throw Damaged();
        }

        return true;
    }

    /// <summary>The field as a whole number.</summary>
    public readonly long Number() => IsNumber ? (long)_number : throw Damaged();

    /// <summary>The field as bytes.</summary>
    public readonly ReadOnlySpan<byte> Bytes() => IsBytes ? _bytes : throw Damaged();

    /// <summary>The field as a message.</summary>
    public readonly ProtobufReader Message() => new(Bytes());

    /// <summary>The field as a 32-bit float.</summary>
    public readonly float Float() =>
        _wireType == 5 ? BinaryPrimitives.ReadSingleLittleEndian(_bytes) : throw Damaged();

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw Damaged();
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong number = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var one = Take(1)[0];
            number |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return number;
            }
        }

        throw Damaged();
    }

    private static ConversionException Damaged() => new("The file tokenizer.model is damaged.");
}
