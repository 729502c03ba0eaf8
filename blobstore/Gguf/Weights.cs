using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>A GGUF file found safe to hand to native code, and what its header says about serving it.</summary>
/// <param name="File">The checked header.</param>
/// <param name="Description">What serving needs.</param>
public sealed record Weights(GgufFile File, WeightsDescription Description)
{
    /// <summary>Reads and checks a model's weights: structure, dimensions and vocabulary.</summary>
    /// <exception cref="GgufException">The file is damaged, hostile or no model.</exception>
    public static Weights Read(string path)
    {
        using var stream = GgufFile.Open(path);
        return Read(stream);
    }

    /// <summary>Reads and checks a model's weights from a stream that can seek.</summary>
    /// <exception cref="GgufException">The content is damaged, hostile or no model.</exception>
    public static Weights Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var reader = new GgufReader(stream);
        var file = new GgufParser(reader).Parse();
        var dimensions = ModelDimensions.Check(file);
        TensorTypes.Check(file);
        var vocabulary = Vocabulary.Read(reader, file);
        return new Weights(file, Describe(file, dimensions, vocabulary));
    }

    private static WeightsDescription Describe(
        GgufFile file, ModelDimensions dimensions, Vocabulary vocabulary) => new()
        {
            Architecture = file.Architecture,
            FileBytes = file.FileBytes,
            ContextTokensTrained = dimensions.ContextTokens,
            LayerCount = dimensions.LayerCount,
            EmbeddingLength = dimensions.EmbeddingLength,
            KeyValueHeadCount = dimensions.KeyValueHeadCount,
            KeyLength = dimensions.KeyLength,
            ValueLength = dimensions.ValueLength,
            VocabularySize = vocabulary.TokenCount,
            HasPooling = file.Find(file.Architecture + ".pooling_type") is not null,
            ChatTemplate = file.FindText("tokenizer.chat_template"),
            BosToken = vocabulary.BosToken,
            EosToken = vocabulary.EosToken,
            FimPrefixToken = vocabulary.FimPrefixToken,
            FimSuffixToken = vocabulary.FimSuffixToken,
            FimMiddleToken = vocabulary.FimMiddleToken,
            AddsBosToken = vocabulary.AddsBosToken,
            AddsEosToken = vocabulary.AddsEosToken,
        };
}
