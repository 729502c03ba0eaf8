using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>Whether a tokenizer from SentencePiece puts a space in front of texts.</summary>
internal static class Spaces
{
    /// <summary>Looks where versions of the library have kept it.</summary>
    public static bool AreAdded(JsonElement json) => Normalizes(json.Field("normalizer"))
        || Splits(json.Field("pre_tokenizer"));

    private static bool Normalizes(JsonElement? step) =>
        (step.Field("type").AsText() == "Prepend" && step.Field("prepend").AsText() == "\u2581")
        || step.Field("normalizers").Items().Any(inner => Normalizes(inner));

    private static bool Splits(JsonElement? step) =>
        (step.Field("type").AsText() == "Metaspace" && (step.Field("prepend_scheme").AsText() is { } scheme
            ? scheme != "never"
            : step.Field("add_prefix_space").AsBool() != false))
        || step.Field("pretokenizers").Items().Any(inner => Splits(inner));
}
