using System.Globalization;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Text;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Host.Options;

/// <summary>
/// Reads the <c>OLLAMA_…</c> variables by Ollama's rules: blanks and quotes around a value are dropped, and a value
/// that
/// cannot be read warns and leaves the default. Settings where a guess would be dangerous stop the host instead.
/// </summary>
internal sealed class EnvironmentReader(IReadOnlyDictionary<string, string> environment)
{
    private readonly List<string> _warnings = [];

    /// <summary>What was read but not understood; one sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Reads every setting.</summary>
    /// <exception cref="SettingException">A setting would be dangerous to guess.</exception>
    public ServerOptions Read()
    {
        var listen = ListenAddress.Parse(Value("OLLAMA_HOST"), _warnings);
        var options = new OllaSettingsReader(Value, _warnings).Read(ReadMost(listen));
        return options with { Grpc = new GrpcSettingsReader(Value, listen).Read() };
    }

    private ServerOptions ReadMost(ListenAddress listen) => new()
    {
        Listen = listen,
        ModelsDirectory = ModelsDirectory(),
        Prunes = !Flag("OLLAMA_NOPRUNE", false),
        KeepAlive = Duration("OLLAMA_KEEP_ALIVE", TimeSpan.FromMinutes(5), negative: Timeout.InfiniteTimeSpan),
        LoadTimeout = Limit("OLLAMA_LOAD_TIMEOUT"),
        StepTimeout = Limit("OLLAMA_STEP_TIMEOUT"),
        Runner = Runner(),
        NumParallel = Count("OLLAMA_NUM_PARALLEL", 0),
        MaxLoadedModels = Count("OLLAMA_MAX_LOADED_MODELS", 0),
        QueueLengthMax = Count("OLLAMA_MAX_QUEUE", 512),
        ContextTokens = Count("OLLAMA_CONTEXT_LENGTH", 0),
        KeyValueType = KeyValueTypeOf("OLLAMA_KV_CACHE_TYPE"),
        FlashAttention = Choice("OLLAMA_FLASH_ATTENTION"),
        CacheUnified = Choice("OLLAMA_KV_UNIFIED"),
        GpusSpread = Flag("OLLAMA_SCHED_SPREAD", false),
        GpuOverheadBytes = Bytes("OLLAMA_GPU_OVERHEAD"),
        TokenDelayMax = Duration("OLLAMA_TOKEN_DELAY_MAX", TimeSpan.FromMilliseconds(100), negative: TimeSpan.Zero),
        PrefixCacheMebibytes = Count("OLLAMA_PREFIX_CACHE_MIB", -1),
        ResponseKeepTime = Duration("OLLAMA_RESPONSE_KEEP", TimeSpan.FromHours(1), negative: TimeSpan.Zero),
        ResponseMebibytes = Count("OLLAMA_RESPONSE_MIB", 256),
        BatchParallel = Count("OLLAMA_BATCH_PARALLEL", 4),
        FilesMebibytes = Count("OLLAMA_FILES_MIB", 10240),
        Origins = Origins(),
        DebugLevel = DebugLevel(),
        LibraryPath = Value("OLLAMA_LIBRARY_PATH") is { Length: > 0 } path ? Path.GetFullPath(path) : null,
        ShippedModels = Flag("OLLAMA_SHIPPED_MODELS", true),
        GoTemplates = Choice("OLLAMA_GO_TEMPLATE"),
        PulledOnDemand = PulledOnDemand(),
        PreloadedModels = PreloadedModels(),
        Requests = Requests(),
        Registry = new RegistrySettingsReader(Value).Read(),
        GracePeriod = Duration("OLLAMA_GRACE_PERIOD", TimeSpan.FromSeconds(30), negative: TimeSpan.Zero),
    };

    private string Value(string name) =>
        environment.TryGetValue(name, out var value) ? value.Trim().Trim('"', '\'').Trim() : "";

    private RequestSettings Requests()
    {
        var defaults = new RequestSettings();
        return new RequestSettings
        {
            BodyBytesMax = Positive("OLLAMA_MAX_BODY_BYTES", defaults.BodyBytesMax),
            HeaderBytesMax = Positive("OLLAMA_MAX_HEADER_BYTES", defaults.HeaderBytesMax),
            MessageCountMax = Positive("OLLAMA_MAX_MESSAGES", defaults.MessageCountMax),
            ImageCountMax = Positive("OLLAMA_MAX_IMAGES", defaults.ImageCountMax),
            ImageBytesMax = Positive("OLLAMA_MAX_IMAGE_BYTES", defaults.ImageBytesMax),
            HeartbeatInterval = Limit("OLLAMA_HEARTBEAT_INTERVAL", defaults.HeartbeatInterval),
        };
    }

    private string ModelsDirectory()
    {
        if (Value("OLLAMA_MODELS") is { Length: > 0 } set)
        {
            return Path.GetFullPath(set);
        }

        return Value("HOME") is { Length: > 0 } home
            ? Path.Combine(home, ".ollama", "models")
            : throw new SettingException("OLLAMA_MODELS is not set and neither is HOME: name the models' folder.");
    }

    /// <summary>A limit on time, five minutes by default; zero is none, as a negative one is.</summary>
    private TimeSpan Limit(string name) => Limit(name, TimeSpan.FromMinutes(5));

    private TimeSpan Limit(string name, TimeSpan fallback)
    {
        var timeout = Duration(name, fallback, negative: Timeout.InfiniteTimeSpan);
        return timeout == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : timeout;
    }

    private KeyValueType KeyValueTypeOf(string name)
    {
        var text = Value(name);
        var known = Enum.GetNames<KeyValueType>();
        if (text.Length == 0)
        {
            return KeyValueType.F16;
        }

        if (known.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            var type = Enum.Parse<KeyValueType>(text, ignoreCase: true);
            if (!Flag("OLLAMA_FLASH_ATTENTION", true) && type is not (KeyValueType.F16 or KeyValueType.F32
                or KeyValueType.BF16))
            {
                _warnings.Add($"{name}: {text} needs flash attention, which is off; using f16.");
            }

            return type;
        }

        _warnings.Add(
            $"{name}: \"{text}\" is none of {string.Join(", ", known).ToLowerInvariant()}; using f16.");
        return KeyValueType.F16;
    }

    private RunnerKind Runner()
    {
        var text = Value("OLLAMA_RUNNER").ToLowerInvariant();
        if (text is "" or "inprocess" or "process")
        {
            return text == "process" ? RunnerKind.Process : new ServerOptions { ModelsDirectory = "" }.Runner;
        }

        throw new SettingException($"OLLAMA_RUNNER: \"{text}\" is neither inprocess nor process.");
    }

    /// <summary>A duration in Go's notation, or whole seconds.</summary>
    private TimeSpan Duration(string name, TimeSpan fallback, TimeSpan negative)
    {
        var text = Value(name);
        if (text.Length == 0)
        {
            return fallback;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds < 0 ? negative
                : seconds > TimeSpan.MaxValue.TotalSeconds / 2 ? Timeout.InfiniteTimeSpan
                : TimeSpan.FromSeconds(seconds);
        }

        if (GoDuration.TryParse(text, out var duration, out _))
        {
            return duration < TimeSpan.Zero ? negative : duration;
        }

        _warnings.Add($"{name}: \"{text}\" is neither a duration such as 5m nor whole seconds; using {fallback}.");
        return fallback;
    }

    private int Count(string name, int fallback)
    {
        var text = Value(name);
        if (text.Length == 0)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return count;
        }

        _warnings.Add($"{name}: \"{text}\" is not a whole number from 0; using the default.");
        return fallback;
    }

    private int Positive(string name, int fallback)
    {
        var text = Value(name);
        if (text.Length == 0)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        _warnings.Add($"{name}: \"{text}\" is not a whole number from 1 to {int.MaxValue}; using {fallback}.");
        return fallback;
    }

    private long Bytes(string name)
    {
        var text = Value(name);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && text.Length > 0)
        {
            _warnings.Add($"{name}: \"{text}\" is not a whole number of bytes; using 0.");
        }

        return bytes;
    }

    /// <summary>As Ollama has it, anything that is not a clear no counts as yes.</summary>
    private bool Flag(string name, bool fallback) => Value(name).ToLowerInvariant() switch
    {
        "" => fallback,
        "0" or "f" or "false" => false,
        _ => true,
    };

    private bool? Choice(string name) => Value(name).Length == 0 ? null : Flag(name, true);

    private int DebugLevel() => Value("OLLAMA_DEBUG").ToLowerInvariant() switch
    {
        "" or "0" or "f" or "false" => 0,
        "2" => 2,
        _ => 1,
    };

    /// <summary>A wrong pattern would bring models that nobody wants here, or none: it stops the host.</summary>
    private IReadOnlyList<ModelPattern> PulledOnDemand()
    {
        var text = Value("OLLAMA_PULL_ON_DEMAND");
        text = text.ToLowerInvariant() switch
        {
            "off" or "0" or "false" => "",
            "on" or "1" or "true" => "*",
            _ => text,
        };
        var entries = Split(text);
        return entries.Length == 0 ? [] : [.. entries.Select(
            entry => ModelPattern.TryParse(entry, out var pattern)
                ? pattern
                : throw new SettingException(
                    $"OLLAMA_PULL_ON_DEMAND: \"{entry}\" is neither on, off, the name of a model nor a pattern such "
                    + "as qwen3, library/* or hf.co/*."))];
    }

    private ModelName[] PreloadedModels()
    {
        var names = new List<ModelName>();
        foreach (var entry in Entries("OLLAMA_PRELOAD"))
        {
            if (!ModelName.TryParse(entry, out var name))
            {
                _warnings.Add($"OLLAMA_PRELOAD: \"{entry}\" is not the name of a model; it is not loaded.");
            }
            else if (!names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names.Count == 0 ? [] : [.. names];
    }

    private string[] Entries(string name) => Split(Value(name));

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private string[] Origins()
    {
        var origins = Entries("OLLAMA_ORIGINS");
        foreach (var origin in origins)
        {
            if (!origin.Contains("://", StringComparison.Ordinal) && !origin.Contains('*', StringComparison.Ordinal))
            {
                throw new SettingException(
                    $"OLLAMA_ORIGINS: \"{origin}\" needs a scheme, such as http://{origin}, or a wildcard.");
            }
        }

        return origins;
    }
}
