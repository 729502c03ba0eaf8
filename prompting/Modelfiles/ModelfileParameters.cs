using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>
/// Gives the values of a Modelfile, which are texts, their types. The messages of its errors are those that existing
/// clients show.
/// </summary>
public static partial class ModelfileParameters
{
    /// <summary>Parameters that had a meaning once; a reader of Modelfiles passes over them with a warning.</summary>
    public static IReadOnlySet<string> Deprecated { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "penalize_newline", "low_vram", "f16_kv", "logits_all", "vocab_only", "use_mlock",
    };

    private static readonly HashSet<string> Integers = new(StringComparer.Ordinal)
    {
        "num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread", "draft_num_predict", "num_keep", "seed",
        "num_predict", "top_k", "repeat_last_n", "mirostat", "dry_allowed_length", "dry_penalty_last_n",
    };

    private static readonly HashSet<string> Floats = new(StringComparer.Ordinal)
    {
        "top_p", "min_p", "typical_p", "temperature", "repeat_penalty", "presence_penalty", "frequency_penalty",
        "mirostat_tau", "mirostat_eta", "top_n_sigma", "xtc_probability", "xtc_threshold", "dynatemp_range",
        "dynatemp_exponent", "dry_multiplier", "dry_base", "rope_frequency_base", "rope_frequency_scale",
    };

    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal) { "stop", "dry_sequence_breakers" };

    /// <summary>
    /// The parameters by wire name: the last value of each, but all of those that are lists, such as <c>stop</c>.
    /// Deprecated ones are left out.
    /// </summary>
    /// <exception cref="ModelfileException">A parameter is not known, or its value has the wrong type.</exception>
    public static IReadOnlyDictionary<string, JsonElement> Read(IEnumerable<ModelfileCommand> commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        var parameters = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var lists = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var command in commands.Where(command => command.Name == "parameter"))
        {
            if (Lists.Contains(command.Key))
            {
                lists.TryAdd(command.Key, []);
                lists[command.Key].Add(command.Value);
            }
            else if (!Deprecated.Contains(command.Key))
            {
                parameters[command.Key] = Read(command.Key, command.Value);
            }
        }

        foreach (var (name, texts) in lists)
        {
            parameters[name] = Json(writer => WriteTexts(writer, texts));
        }

        return parameters;
    }

    /// <summary>Checks the value of <c>REQUIRES</c>; returns it without a leading <c>v</c>, or empty.</summary>
    /// <exception cref="ModelfileException">It is no semantic version.</exception>
    public static string CheckVersion(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        var bare = version.StartsWith('v') ? version[1..] : version;
        return version.Length == 0 || SemanticVersion().IsMatch(bare)
            ? bare
            : throw new ModelfileException("requires must be a valid semver (e.g. 0.14.0)");
    }

    private static JsonElement Read(string name, string value)
    {
        if (Integers.Contains(name))
        {
            return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? Json(writer => writer.WriteNumberValue(number))
                : throw Invalid("int", value);
        }

        if (Floats.Contains(name))
        {
            return float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                && float.IsFinite(real)
                ? Json(writer => writer.WriteNumberValue(real))
                : throw Invalid("float", value);
        }

        if (name is "grammar" or "draft_model")
        {
            return Json(writer => writer.WriteStringValue(value));
        }

        if (name == "logit_bias")
        {
            return ReadJson(value);
        }

        if (name != "use_mmap")
        {
            throw new ModelfileException($"unknown parameter '{name}'");
        }

        return value switch
        {
            "1" or "t" or "T" or "TRUE" or "true" or "True" => Json(writer => writer.WriteBooleanValue(true)),
            "0" or "f" or "F" or "FALSE" or "false" or "False" => Json(writer => writer.WriteBooleanValue(false)),
            _ => throw Invalid("bool", value),
        };
    }

    private static JsonElement ReadJson(string value)
    {
        try
        {
            using var document = JsonDocument.Parse(value);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                ? document.RootElement.Clone()
                : throw Invalid("json", value);
        }
        catch (JsonException)
        {
            throw Invalid("json", value);
        }
    }

    private static ModelfileException Invalid(string type, string value) => new($"invalid {type} value [{value}]");

    private static void WriteTexts(Utf8JsonWriter writer, IEnumerable<string> texts)
    {
        writer.WriteStartArray();
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        var reader = new Utf8JsonReader(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        return JsonElement.ParseValue(ref reader);
    }

    [GeneratedRegex(
        @"^(0|[1-9]\d*)(\.(0|[1-9]\d*)){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SemanticVersion();
}
