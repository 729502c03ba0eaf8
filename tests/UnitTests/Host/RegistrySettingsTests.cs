using Ollama.Platform.Api.Registry;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.UnitTests.Host;

public sealed class RegistrySettingsTests
{
    [Fact]
    public void Nothing_set_is_Ollamas_registry_without_limits()
    {
        var settings = Read();
        Assert.Null(settings.Default);
        Assert.Empty(settings.Mirrors);
        Assert.Equal(["local"], settings.InsecureHosts);
        Assert.Equal((0, RegistryAccess.ReadWrite), (settings.BytesPerSecondMax, settings.Serve));
        Assert.Equal(1024, settings.BytesPerSecondMin);
        Assert.Equal("/home/me/.ollama/id_ed25519", settings.KeyFile);
        Assert.Equal("/home/me/.docker/config.json", settings.CredentialsFile);
    }

    [Fact]
    public void Addresses_are_hosts_or_have_a_scheme()
    {
        var settings = Read(
            ("OLLAMA_REGISTRY", "registry.corp:5000"), ("OLLAMA_REGISTRY_MIRRORS", "http://a:1, https://b"));
        Assert.Equal("https://registry.corp:5000/", settings.Default?.ToString());
        Assert.Equal(["http://a:1/", "https://b/"], settings.Mirrors.Select(mirror => mirror.ToString()));
    }

    [Theory]
    [InlineData("5000000", 5_000_000)]
    [InlineData("5MB", 5_000_000)]
    [InlineData("1.5 GiB", 1_610_612_736)]
    [InlineData("100k", 100_000)]
    [InlineData("0", 0)]
    public void A_rate_has_a_unit_or_is_in_bytes(string text, long expected)
    {
        Assert.Equal(expected, Read(("OLLAMA_MAX_TRANSFER_RATE", text)).BytesPerSecondMax);
        Assert.Equal(expected, Read(("OLLAMA_MIN_TRANSFER_RATE", text)).BytesPerSecondMin);
    }

    [Theory]
    [InlineData("OLLAMA_REGISTRY", "https://a/path")]
    [InlineData("OLLAMA_REGISTRY", "ftp://a")]
    [InlineData("OLLAMA_REGISTRY_MIRRORS", "a,https://user:secret@b")]
    [InlineData("OLLAMA_MAX_TRANSFER_RATE", "fast")]
    [InlineData("OLLAMA_MAX_TRANSFER_RATE", "-1")]
    [InlineData("OLLAMA_MIN_TRANSFER_RATE", "slow")]
    [InlineData("OLLAMA_SERVE_REGISTRY", "maybe")]
    public void What_cannot_be_guessed_stops_the_start(string name, string text)
    {
        var failure = Assert.Throws<SettingException>(() => Read((name, text)));
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("a,b:5000,local", 3)]
    public void Hosts_without_TLS_are_listed(string text, int count) =>
        Assert.Equal(count, Read(("OLLAMA_INSECURE_REGISTRIES", text)).InsecureHosts.Count);

    private static RegistrySettings Read(params (string Name, string Value)[] variables) =>
        new RegistrySettingsReader(name => name == "HOME"
            ? "/home/me"
            : variables.FirstOrDefault(variable => variable.Name == name).Value ?? "").Read();
}
