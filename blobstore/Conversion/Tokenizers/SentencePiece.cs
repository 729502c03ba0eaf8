using System.Text;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Reads <c>tokenizer.model</c>, SentencePiece's protobuf message.</summary>
internal static class SentencePiece
{
    // Numbers of the fields in sentencepiece_model.proto.
    private const int Pieces = 1;
    private const int TrainerSpec = 2;
    private const int NormalizerSpec = 3;
    private const int UnigramModel = 1;

    /// <summary>Reads the message.</summary>
    /// <exception cref="ConversionException">The message is damaged.</exception>
    public static TokenTable Read(byte[] message, int rowCount)
    {
        var pieces = new List<Piece>();
        var trainer = new Dictionary<int, long>();
        var normalizer = new Dictionary<int, long>();
        byte[] map = [];
        var reader = new ProtobufReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case Pieces:
                    pieces.Add(ReadPiece(reader.Message()));
                    break;
                case TrainerSpec:
                    ReadNumbers(reader.Message(), trainer);
                    break;
                case NormalizerSpec:
                    map = ReadNumbers(reader.Message(), normalizer);
                    break;
            }
        }

        return ToTable(pieces, trainer, normalizer, map, rowCount);
    }

    private static TokenTable ToTable(
        List<Piece> pieces, Dictionary<int, long> trainer, Dictionary<int, long> normalizer, byte[] map, int rowCount)
    {
        if (pieces.Count == 0)
        {
            throw new ConversionException("The file tokenizer.model holds no pieces.");
        }

        // Field 3 of the trainer is the kind of model, fields 3 and 4 of the normalizer are about spaces.
        var isUnigram = trainer.GetValueOrDefault(3, UnigramModel) == UnigramModel;
        var table = new TokenTable(rowCount)
        {
            Model = isUnigram ? "t5" : "llama",
            HasScores = true,
            AddsSpacePrefix = normalizer.GetValueOrDefault(3, 1) != 0,
            RemovesExtraSpaces = isUnigram ? normalizer.GetValueOrDefault(4, 1) != 0 : null,
            CharacterMap = isUnigram && map.Length > 0 ? map : null,
        };
        for (var id = 0; id < pieces.Count; id++)
        {
            var (text, score, type) = pieces[id];
            table.Set(id, type == TokenType.UserDefined ? text.Replace('\u2581', ' ') : text, type, score);
        }

        // Fields 40 to 43 with their defaults.
        foreach (var (name, field, otherwise) in
            new[] { ("unk", 40, 0L), ("bos", 41, 1L), ("eos", 42, 2L), ("pad", 43, -1L) })
        {
            if (trainer.GetValueOrDefault(field, otherwise) is var id and >= 0 && id < pieces.Count)
            {
                table.NamedIds[name] = (int)id;
            }
        }

        return table;
    }

    private static Piece ReadPiece(ProtobufReader reader)
    {
        var piece = new Piece("", 0, TokenType.Normal);
        while (reader.Read())
        {
            piece = reader.Field switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(reader.Bytes()) },
                2 => piece with { Score = reader.Float() },

                // Control is 3 and user-defined is 4 in both; so are the others.
                3 when reader.Number() is >= 1 and <= 6 and var type => piece with { Type = (TokenType)type },
                _ => piece,
            };
        }

        return piece;
    }

    /// <summary>Collects the numbers of a message, −1 included; returns the bytes under field 2.</summary>
    private static byte[] ReadNumbers(ProtobufReader reader, Dictionary<int, long> numbers)
    {
        byte[] bytes = [];
        while (reader.Read())
        {
            if (reader.IsNumber)
            {
                numbers[reader.Field] = (int)reader.Number();
            }
            else if (reader.Field == 2 && reader.IsBytes)
            {
                bytes = reader.Bytes().ToArray();
            }
        }

        return bytes;
    }

    private readonly record struct Piece(string Text, float Score, TokenType Type);
}
