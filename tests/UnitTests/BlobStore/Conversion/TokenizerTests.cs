using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.BlobStore.Conversion;
using Ollama.Platform.BlobStore.Conversion.Tokenizers;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

public sealed class TokenizerTests : IDisposable
{
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Tekken = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"type":"ByteLevel"}""", false, "gpt-2")]
    [InlineData("""
        {"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"ByteLevel"}]}
        """, false, "smollm")]
    [InlineData(Llama3, true, "llama-bpe")]
    [InlineData(Llama3, false, "smaug-bpe")]
    [InlineData(Qwen2, false, "qwen2")]
    [InlineData(Tekken, true, "tekken")]
    public void The_way_of_splitting_has_the_engines_name(string splitting, bool ignoresMerges, string name)
    {
        var json = splitting.TrimStart().StartsWith('{') ? splitting : new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = splitting } },
                new JsonObject { ["type"] = "ByteLevel", ["use_regex"] = false }),
        }.ToJsonString();

        Assert.Equal(name, PreTokenizers.NameOf(JsonDocument.Parse(json).RootElement, ignoresMerges));
    }

    [Fact]
    public void An_unknown_way_of_splitting_is_refused()
    {
        var json = JsonDocument.Parse("""{"type":"Split","pattern":{"Regex":"[abc]"}}""").RootElement;

        var refusal = Assert.Throws<ConversionException>(() => PreTokenizers.NameOf(json, false));

        Assert.Equal(
            "The tokenizer splits texts in a way that the engine has no name for: [abc]", refusal.Message);
    }

    [Fact]
    public void Pieces_that_merge_earlier_get_the_higher_score()
    {
        Write("tokenizer.json", """
            {"normalizer":{"type":"Prepend","prepend":"▁"},
             "added_tokens":[{"id":1,"content":"<s>","special":true},{"id":8,"content":"<▁x>","special":false},
                {"id":99,"content":"<image>","special":true}],
             "model":{"type":"BPE","byte_fallback":true,"unk_token":"<unk>",
                "vocab":{"<unk>":0,"<s>":1,"<0x0A>":2,"a":3,"b":4,"c":5,"bc":6,"abc":7},
                "merges":["b c",["a","bc"]]}}
            """);

        var table = Read(10);

        Assert.Equal("llama", table.Model);
        Assert.True(table.AddsSpacePrefix);
        Assert.Equal(["<unk>", "<s>", "<0x0A>", "a", "b", "c", "bc", "abc", "< x>", "[PAD9]"], table.Texts);
        Assert.Equal([2, 3, 6, 1, 1, 1, 1, 1, 4, 5], table.Types);
        Assert.Equal([0, -1], table.Scores.Skip(6).Take(2));
    }

    [Fact]
    public void Sentencepiece_is_read_where_it_is_alone()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "tokenizer.model"),
        [
            .. Piece("<unk>", 0, 2), .. Piece("<s>", 0, 3), .. Piece("</s>", 0, 3), .. Piece("<0x41>", 0, 6),
            .. Piece("▁the", -1.5f, 1), .. Piece("▁▁", -2, 4),

            // The trainer made BPE, the normalizer puts no space in front.
            0x12, 2, 0x18, 2, 0x1A, 2, 0x18, 0,
        ]);

        var table = Read(7);

        Assert.Equal(("llama", false), (table.Model, table.AddsSpacePrefix));
        Assert.Equal(["<unk>", "<s>", "</s>", "<0x41>", "▁the", "  ", "[PAD6]"], table.Texts);
        Assert.Equal([2, 3, 3, 6, 1, 4, 5], table.Types);
        Assert.Equal(-1.5f, table.Scores.ElementAt(4));
        Assert.Equal((0, 1, 2), (table.NamedIds["unk"], table.NamedIds["bos"], table.NamedIds["eos"]));
    }

    [Fact]
    public void More_tokens_than_vectors_are_refused()
    {
        File.Copy(Path.Combine(TwinFolder.Originals, "tiny-chat", "tokenizer.json"),
            Path.Combine(_folder.Path, "tokenizer.json"));

        var refusal = Assert.Throws<ConversionException>(() => Read(1000));

        Assert.Equal("The tokenizer has a token 1000, but the model has vectors for 1000 tokens.", refusal.Message);
    }

    [Fact]
    public void The_chat_template_is_found_wherever_it_is_kept()
    {
        Write("tokenizer_config.json",
            """{"chat_template":[{"name":"tools","template":"T"},{"name":"default","template":"D"}]}""");
        Assert.Equal("D", ChatTemplates.Find(ModelFolder.Open(_folder.Path)));

        Write("chat_template.json", """{"chat_template":"J"}""");
        Assert.Equal("J", ChatTemplates.Find(ModelFolder.Open(_folder.Path)));

        Write("chat_template.jinja", "F");
        Assert.Equal("F", ChatTemplates.Find(ModelFolder.Open(_folder.Path)));
    }

    [Theory]
    [InlineData("tiny-chat", 1536)]
    [InlineData("tiny-embed", 2048)]
    public void Random_damage_of_a_tokenizer_is_refused_or_harmless(string model, int rows)
    {
        var sound = File.ReadAllText(Path.Combine(TwinFolder.Originals, model, "tokenizer.json"));
        string[] pieces = ["null", "[]", "{}", "-1", "\"x\"", "1e999", "[[[[", "99999999999", "\"\\ud800\"", "true"];
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var damaged = new StringBuilder(sound);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(damaged.Length - 20);
                damaged.Remove(at, random.Next(20)).Insert(at, pieces[random.Next(pieces.Length)]);
            }

            Write("tokenizer.json", damaged.ToString());
            try
            {
                Assert.Equal(rows, Read(rows).Count);
            }
            catch (Exception refusal) when (refusal is ConversionException
                or InvalidOperationException { Source: "System.Text.Json.Rethrowable" })
            {
                // What was found is told; the conversion turns the second kind into the first.
            }
        }
    }

    [Fact]
    public void Random_damage_of_a_sentencepiece_message_is_refused_or_harmless()
    {
        byte[] sound = [.. Piece("<unk>", 0, 2), .. Piece("▁the", -1.5f, 1), 0x12, 2, 0x18, 2, 0x1A, 2, 0x18, 0];
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var damaged = sound.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(4, SentencePiece.Read(damaged, 4).Count);
            }
            catch (ConversionException)
            {
                // Nothing else may be thrown.
            }
        }
    }

    private static byte[] Piece(string text, float score, byte type)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        byte[] piece = [0x0A, (byte)bytes.Length, .. bytes, 0x15, .. BitConverter.GetBytes(score), 0x18, type];
        return [0x0A, (byte)piece.Length, .. piece];
    }

    private TokenTable Read(int rows) => TokenizerReader.Read(ModelFolder.Open(_folder.Path), rows);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);
}
