using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>
/// Finds the name that the engine has for the way in which a tokenizer splits texts before it merges. The engine
/// carries the expressions itself and takes only a name, so an unknown way cannot be served.
/// </summary>
internal static class PreTokenizers
{
    private const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Letters = @"|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Upper = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string RestWithSlash = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Han = "[一-龥぀-ゟ゠-ヿ]+";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["bytes"] = "gpt-2",
        ["digit\nbytes"] = "smollm",
        [Contractions + Letters + @"\p{N}{1,3}" + Rest] = "llama3",
        [Contractions + Letters + @"\p{N}" + Rest] = "qwen2",
        [Contractions + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"
            + @"|\s*[\r\n]+|\s+(?!\S)|\s+"] = "qwen35",
        [Upper + "*" + Lower + "+|" + Upper + "+" + Lower + @"*|\p{N}" + RestWithSlash] = "tekken",
        [Upper + "*" + Lower + "+" + Contractions + "?|" + Upper + "+" + Lower + "*" + Contractions
            + @"?|\p{N}{1,3}" + RestWithSlash] = "gpt-4o",
        ["[\r\n]\n\\s?\\p{L}+\n\\s?\\p{P}+\n[一-龥ࠀ-一가-퟿]+\ndigit"] = "deepseek-coder",
        [@"\p{N}{1,3}" + "\n" + Han + "\n" + @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"
            + "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"]
            = "deepseek-v3",
    };

    /// <summary>The engine's name for the splitting of byte-level BPE.</summary>
    /// <exception cref="ConversionException">The engine knows none.</exception>
    public static string NameOf(JsonElement? preTokenizer, bool ignoresMerges)
    {
        var steps = new List<string>();
        Describe(preTokenizer, steps);
        var key = string.Join('\n', steps);
        if (!Names.TryGetValue(key, out var name))
        {
            throw new ConversionException(
                $"The tokenizer splits texts in a way that the engine has no name for: {key.ReplaceLineEndings(" ")}");
        }

        // Both split alike; only Llama 3 takes whole words from the vocabulary before it merges.
        return name != "llama3" ? name : ignoresMerges ? "llama-bpe" : "smaug-bpe";
    }

    private static void Describe(JsonElement? step, List<string> steps)
    {
        switch (step.Field("type").AsText())
        {
            case "Sequence":
                foreach (var inner in step.Field("pretokenizers").Items())
                {
                    Describe(inner, steps);
                }

                break;
            case "Split":
                steps.Add(step.Field("pattern").Field("Regex").AsText()
                    ?? step.Field("pattern").Field("String").AsText() ?? "?");
                break;
            case "Digits":
                steps.Add(step.Field("individual_digits").AsBool() == true ? "digit" : "digits");
                break;

            // Bytes alone do not split; the expression of GPT-2 does, unless it is switched off.
            case "ByteLevel" when step.Field("use_regex").AsBool() != false:
                steps.Add("bytes");
                break;
            case "ByteLevel" or null:
                break;
            case var other:
                steps.Add(other);
                break;
        }
    }
}
