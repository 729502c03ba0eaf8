using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Host.Options;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Host;

public sealed class EnvironmentReaderTests
{
    [Fact]
    public void Without_variables_the_defaults_hold()
    {
        var options = Read(out var warnings);
        Assert.Equal("/home/user/.ollama/models", options.ModelsDirectory);
        Assert.Equal("http://127.0.0.1:11434", options.Listen.ToString());
        Assert.Equal(TimeSpan.FromMinutes(5), options.KeepAlive);
        Assert.Equal(512, options.QueueLengthMax);
        Assert.Equal(0, options.NumParallel);
        Assert.True(options.ShippedModels);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("90", 90)]
    [InlineData("\"1h\"", 3600)]
    [InlineData("0", 0)]
    [InlineData("-1", -0.001)]
    [InlineData("-5m", -0.001)]
    public void A_keep_alive_is_a_duration_or_seconds_and_negative_means_for_ever(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(out _, ("OLLAMA_KEEP_ALIVE", text)).KeepAlive);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public void A_load_timeout_of_nothing_means_no_limit(string text) =>
        Assert.Equal(Timeout.InfiniteTimeSpan, Read(out _, ("OLLAMA_LOAD_TIMEOUT", text)).LoadTimeout);

    [Theory]
    [InlineData("OLLAMA_KEEP_ALIVE", "junk")]
    [InlineData("OLLAMA_MAX_QUEUE", "-3")]
    [InlineData("OLLAMA_NUM_PARALLEL", "many")]
    [InlineData("OLLAMA_KV_CACHE_TYPE", "q3_x")]
    [InlineData("OLLAMA_KV_CACHE_TYPE", "1")]
    [InlineData("OLLAMA_STEP_TIMEOUT", "soon")]
    [InlineData("OLLAMA_MAX_BODY_BYTES", "0")]
    [InlineData("OLLAMA_MAX_HEADER_BYTES", "64k")]
    [InlineData("OLLAMA_MAX_MESSAGES", "-1")]
    [InlineData("OLLAMA_MAX_IMAGES", "1.5")]
    [InlineData("OLLAMA_MAX_IMAGE_BYTES", "99999999999")]
    [InlineData("OLLAMA_HEARTBEAT_INTERVAL", "often")]
    [InlineData("OLLAMA_HOST", "127.0.0.1:99999")]
    public void What_cannot_be_read_warns_and_leaves_the_default(string name, string value)
    {
        var options = Read(out var warnings, (name, value));
        Assert.Contains(name, Assert.Single(warnings));
        Assert.Equal(Read(out _), options);
    }

    [Fact]
    public void Models_to_preload_are_names_each_once_and_what_is_none_is_left_out()
    {
        var options = Read(out var warnings, ("OLLAMA_PRELOAD", " tiny-chat, qwen3:8b ,,tiny-chat:latest, no name "));
        Assert.Equal(["tiny-chat:latest", "qwen3:8b"], options.PreloadedModels.Select(name => name.DisplayName));
        Assert.Equal(
            "OLLAMA_PRELOAD: \"no name\" is not the name of a model; it is not loaded.", Assert.Single(warnings));
    }

    [Fact]
    public void Requests_have_limits_and_a_heartbeat()
    {
        var requests = Read(
            out var warnings, ("OLLAMA_MAX_BODY_BYTES", "1"), ("OLLAMA_MAX_HEADER_BYTES", "2"),
            ("OLLAMA_MAX_MESSAGES", "3"), ("OLLAMA_MAX_IMAGES", "4"), ("OLLAMA_MAX_IMAGE_BYTES", "5"),
            ("OLLAMA_HEARTBEAT_INTERVAL", "6s")).Requests;
        Assert.Equal((1, 2, 3), (requests.BodyBytesMax, requests.HeaderBytesMax, requests.MessageCountMax));
        Assert.Equal((4, 5), (requests.ImageCountMax, requests.ImageBytesMax));
        Assert.Equal(TimeSpan.FromSeconds(6), requests.HeartbeatInterval);
        Assert.Empty(warnings);
        Assert.Equal(
            Timeout.InfiniteTimeSpan, Read(out _, ("OLLAMA_HEARTBEAT_INTERVAL", "0")).Requests.HeartbeatInterval);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("false", 0)]
    [InlineData("1", 1)]
    [InlineData("yes", 1)]
    [InlineData("2", 2)]
    public void Debug_has_levels(string text, int level) =>
        Assert.Equal(level, Read(out _, ("OLLAMA_DEBUG", text)).DebugLevel);

    [Theory]
    [InlineData("", KeyValueType.F16)]
    [InlineData("q8_0", KeyValueType.Q8_0)]
    [InlineData("\"Q4_0\"", KeyValueType.Q4_0)]
    [InlineData("iq4_nl", KeyValueType.IQ4_NL)]
    public void The_type_of_keys_and_values_is_named_as_llama_cpp_names_it(string text, KeyValueType expected)
    {
        Assert.Equal(expected, Read(out var warnings, ("OLLAMA_KV_CACHE_TYPE", text)).KeyValueType);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Quantized_keys_and_values_without_flash_attention_are_warned_of()
    {
        Read(out var warnings, ("OLLAMA_KV_CACHE_TYPE", "q8_0"), ("OLLAMA_FLASH_ATTENTION", "0"));
        Assert.Contains("needs flash attention", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("1", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    public void Attention_and_cache_are_chosen_automatically_unless_set(string text, bool? expected)
    {
        Assert.Equal(expected, Read(out _, ("OLLAMA_FLASH_ATTENTION", text)).FlashAttention);
        Assert.Equal(expected, Read(out _, ("OLLAMA_KV_UNIFIED", text)).CacheUnified);
    }

    [Fact]
    public void A_runner_is_of_a_known_kind()
    {
        Assert.Equal(RunnerKind.Process, Read(out _, ("OLLAMA_RUNNER", "Process")).Runner);
        Assert.Equal(RunnerKind.InProcess, Read(out _, ("OLLAMA_RUNNER", "inprocess")).Runner);
        var refused = Assert.Throws<SettingException>(() => Read(out _, ("OLLAMA_RUNNER", "thread")));
        Assert.Contains("neither inprocess nor process", refused.Message);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("off", "")]
    [InlineData("\"FALSE\"", "")]
    [InlineData("on", "*/*/*:*")]
    [InlineData("*", "*/*/*:*")]
    [InlineData("qwen3, hf.co/*,", "registry.ollama.ai/library/qwen3:* hf.co/*/*:*")]
    public void Models_to_pull_on_demand_are_patterns(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(out _, ("OLLAMA_PULL_ON_DEMAND", text)).PulledOnDemand));

    [Fact]
    public void A_pattern_that_is_none_stops_the_start()
    {
        var failure = Assert.Throws<SettingException>(() => Read(out _, ("OLLAMA_PULL_ON_DEMAND", "qwen3,https://x")));
        Assert.Contains("OLLAMA_PULL_ON_DEMAND: \"https://x\" is neither", failure.Message);
    }

    [Theory]
    [InlineData("", "", false, null)]
    [InlineData("on", "", true, null)]
    [InlineData("1", "", true, null)]
    [InlineData("off", "", false, null)]
    [InlineData("", "0.0.0.0", true, "http://0.0.0.0:40114")]
    [InlineData("True", ":4000", true, "http://127.0.0.1:4000")]
    [InlineData("", "[::1]", true, "http://[::1]:40114")]
    public void Ollas_routes_are_switched_and_may_have_a_port(string olla, string host, bool served, string? listen)
    {
        var options = Read(out var warnings, ("OLLAMA_OLLA", olla), ("OLLAMA_OLLA_HOST", host));
        Assert.Equal(served, options.Olla);
        Assert.Equal(listen, options.OllaListen?.ToString());
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_port_for_routes_that_are_off_is_warned_of()
    {
        var options = Read(out var warnings, ("OLLAMA_OLLA", "off"), ("OLLAMA_OLLA_HOST", ":40114"));
        Assert.Null(options.OllaListen);
        Assert.StartsWith("OLLAMA_OLLA_HOST: ", Assert.Single(warnings));
        Read(out warnings, ("OLLAMA_OLLA_HOST", "127.0.0.1:x"));
        Assert.Equal(
            "OLLAMA_OLLA_HOST: the port \"x\" is not a number from 0 to 65535; using 40114.", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("OLLAMA_OLLA", "40114", "is neither on nor off")]
    [InlineData("OLLAMA_TRUSTED_PROXIES", "10.0.0.1,proxy", "\"proxy\" is neither an address nor a network")]
    [InlineData("OLLAMA_TRUSTED_PROXIES", "10.0.0.0/33", "\"10.0.0.0/33\" is neither")]
    [InlineData("OLLAMA_TRUSTED_PROXIES", "10", "\"10\" is neither")]
    public void A_setting_that_opens_something_is_not_guessed(string name, string text, string expected)
    {
        var failure = Assert.Throws<SettingException>(() => Read(out _, (name, text)));
        Assert.StartsWith(name + ": ", failure.Message);
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void Trusted_proxies_are_addresses_and_networks() => Assert.Equal(
        ["10.0.0.0/8", "192.168.1.7/32", "fd00::/8", "::1/128"],
        Read(out _, ("OLLAMA_TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.7,fd00::/8 ,::1")).TrustedProxies
            .Select(proxy => proxy.ToString()));

    [Fact]
    public void Origins_are_a_list() =>
        Assert.Equal(
            ["http://a", "*.b"], Read(out _, ("OLLAMA_ORIGINS", "http://a, *.b")).Origins);

    [Fact]
    public void An_origin_without_scheme_stops_the_start()
    {
        var failure = Assert.Throws<SettingException>(() => Read(out _, ("OLLAMA_ORIGINS", "example.com")));
        Assert.Contains("OLLAMA_ORIGINS", failure.Message);
        Assert.Contains("example.com", failure.Message);
    }

    [Fact]
    public void Every_variable_has_one_row_in_the_documentation()
    {
        var settings = Architecture.SourceTree.ReadText("docs/operations/settings.md");
        var source = Architecture.SourceTree.ReadText("host/Options/EnvironmentReader.cs")
            + Architecture.SourceTree.ReadText("host/Options/OllaSettingsReader.cs")
            + Architecture.SourceTree.ReadText("host/Options/RegistrySettingsReader.cs");
        var names = System.Text.RegularExpressions.Regex.Matches(source, "OLLAMA_[A-Z_]+").Select(match => match.Value);
        var rows = settings.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        Assert.All(
            names.Where(name => !name.EndsWith('_')).Distinct(),
            name => Assert.Single(rows, row => row.StartsWith($"| `{name}`", StringComparison.Ordinal)));
    }

    private static ServerOptions Read(out IReadOnlyList<string> warnings, params (string Name, string Value)[] set)
    {
        var environment = set.ToDictionary(pair => pair.Name, pair => pair.Value);
        environment["HOME"] = "/home/user";
        var reader = new EnvironmentReader(environment);
        var options = reader.Read();
        warnings = reader.Warnings;
        return options;
    }
}
