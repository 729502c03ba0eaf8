using System.Globalization;
using System.Text.Json.Nodes;

namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>Gives the parameters of a Modelfile, which are text, the types that a create request wants.</summary>
public static class ModelfileParameters
{
    private static readonly HashSet<string> Integers =
    [
        "num_keep", "seed", "num_predict", "top_k", "repeat_last_n", "num_ctx", "num_batch", "num_gpu", "main_gpu",
        "num_thread", "draft_num_predict",
    ];

    private static readonly HashSet<string> Numbers =
    [
        "top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty", "frequency_penalty",
    ];

    private static readonly HashSet<string> Booleans = ["use_mmap"];

    private static readonly HashSet<string> Deprecated =
    [
        "penalize_newline", "low_vram", "f16_kv", "logits_all", "vocab_only", "use_mlock", "mirostat", "mirostat_tau",
        "mirostat_eta", "numa", "tfs_z",
    ];

    /// <summary>Whether a parameter is dropped with a warning, since no engine knows it any more.</summary>
    public static bool IsDeprecated(string name) => Deprecated.Contains(name);

    /// <summary>Adds a parameter; <c>stop</c> collects its values, another one replaces the earlier value.</summary>
    /// <exception cref="ModelfileException">The name is not known, or the value has not its type.</exception>
    public static void Add(JsonObject parameters, string name, string value)
    {
        if (name == "stop")
        {
            if (parameters[name] is not JsonArray stops)
            {
                parameters[name] = stops = [];
            }

            stops.Add(JsonValue.Create(value));
            return;
        }

        parameters[name] = Read(name, value);
    }

    private static JsonValue Read(string name, string value)
    {
        if (Integers.Contains(name))
        {
            return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? JsonValue.Create(number)
                : throw new ModelfileException($"invalid int value [{value}]");
        }

        if (Numbers.Contains(name))
        {
            return float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && float.IsFinite(number)
                ? JsonValue.Create(number)
                : throw new ModelfileException($"invalid float value [{value}]");
        }

        if (!Booleans.Contains(name))
        {
            throw new ModelfileException($"unknown parameter '{name}'");
        }

        return value switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => JsonValue.Create(true),
            "0" or "f" or "F" or "false" or "FALSE" or "False" => JsonValue.Create(false),
            _ => throw new ModelfileException($"invalid bool value [{value}]"),
        };
    }
}
