using System.Text;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaVocabularyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("The capital of France is Paris.")]
    [InlineData("  spaces  \n\n\t and lines ")]
    [InlineData("Grüße, 東京! 🦙🦙 e\u0301")]
    [InlineData("zero \0 inside")]
    [InlineData("<|im_start|>user\nHi<|im_end|>")]
    public void Text_survives_tokens_and_back(string text)
    {
        using var model = NativeModels.LoadChat();
        var vocabulary = model.Vocabulary;

        foreach (var parseSpecial in (bool[])[true, false])
        {
            var tokens = vocabulary.Tokenize(text, addSpecial: true, parseSpecial);

            Assert.Equal(text, vocabulary.Detokenize(tokens, special: true));
            var pieces = tokens.SelectMany(token => vocabulary.ReadPiece(token, special: true)).ToArray();
            Assert.Equal(text, Encoding.UTF8.GetString(pieces));
        }
    }

    [Fact]
    public void Special_tokens_are_read_only_when_asked()
    {
        using var model = NativeModels.LoadChat();
        var vocabulary = model.Vocabulary;

        var token = Assert.Single(vocabulary.Tokenize("<|im_end|>", false, parseSpecial: true));

        Assert.Equal(vocabulary.Eos, token);
        Assert.True(vocabulary.IsEnd(token));
        Assert.True(vocabulary.IsControl(token));
        Assert.Equal("<|im_end|>", vocabulary.ReadText(token));
        Assert.Empty(vocabulary.ReadPiece(token, special: false));
        Assert.True(vocabulary.Tokenize("<|im_end|>", false, parseSpecial: false).Length > 1);
    }

    [Fact]
    public void The_embedding_tokenizer_adds_its_tokens_when_asked()
    {
        using var model = NativeModels.LoadEmbed();
        var vocabulary = model.Vocabulary;

        var bare = vocabulary.Tokenize("hello", addSpecial: false, parseSpecial: false);
        var framed = vocabulary.Tokenize("hello", addSpecial: true, parseSpecial: false);

        Assert.True(vocabulary.AddsBos && vocabulary.AddsEos);
        Assert.Equal(bare, framed[1..^1]);
        Assert.Equal(vocabulary.Bos, framed[0]);
    }

    [Fact]
    public void A_long_text_has_all_its_tokens()
    {
        using var model = NativeModels.LoadChat();
        var text = string.Concat(Enumerable.Repeat("one two three. ", 20_000));

        Assert.Equal(text, model.Vocabulary.Detokenize(model.Vocabulary.Tokenize(text, false, false), special: true));
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        using var model = NativeModels.LoadChat();

        var tokens = model.Vocabulary.Tokenize("a\uD83Eb", false, false);

        Assert.Equal("a\uFFFDb", model.Vocabulary.Detokenize(tokens, special: true));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1536)]
    [InlineData(int.MaxValue)]
    public void A_token_outside_the_vocabulary_is_refused(int token)
    {
        using var model = NativeModels.LoadChat();
        var vocabulary = model.Vocabulary;

        Assert.Equal(1536, vocabulary.Size);
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.ReadPiece(token, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.ReadText(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.IsEnd(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Detokenize([1, token], true));
    }

    [Fact]
    public void Nothing_is_read_after_disposal()
    {
        var model = NativeModels.LoadChat();
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => model.Vocabulary.Tokenize("a", false, false));
        Assert.Throws<ObjectDisposedException>(() => model.Vocabulary.IsEnd(1));
        Assert.Throws<ObjectDisposedException>(() => model.Vocabulary.Eos);
    }
}
