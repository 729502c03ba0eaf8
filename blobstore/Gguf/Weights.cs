using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>A GGUF file found safe to hand to native code, and what its header says about serving it.</summary>
/// <param name="File">The checked header.</param>
/// <param name="Description">What serving needs.</param>
public sealed record Weights(GgufFile File, WeightsDescription Description)
{
    private const int PoolingTypeRank = 4;

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

    // Without the head native code would take the beginning of a hidden state for a score.
    private static bool HasRanking(GgufFile file)
    {
        if (file.FindInteger(file.Architecture + ".pooling_type") != PoolingTypeRank)
        {
            return false;
        }

        var head = file.Architecture == "jina-bert-v2" ? "cls.weight" : "cls.output.weight";
        return file.Tensors.Any(tensor => tensor.Name == head)
            ? true
            : throw new GgufException($"The file is a model that ranks, but lacks the tensor '{head}'.");
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
            HasRanking = HasRanking(file),
            RerankTemplate = file.FindText("tokenizer.chat_template.rerank"),
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
