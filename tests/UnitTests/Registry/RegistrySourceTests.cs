using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Registry;

public sealed class RegistrySourceTests
{
    private readonly RegistryOptions _options = new();

    [Theory]
    [InlineData("tiny-chat", false, "https://registry.ollama.ai/v2/library/tiny-chat/x")]
    [InlineData("hub.example/team/model:Q4", false, "https://hub.example/v2/team/model/x")]
    [InlineData("localhost:5000/a/b", true, "http://localhost:5000/v2/a/b/x")]
    public void A_name_says_where_to_ask(string name, bool insecure, string expected) => Assert.Equal(
        expected, RegistrySource.ForPull(Store.Name(name), insecure, _options).Single().Address("x").ToString());

    [Fact]
    public void Mirrors_come_first_and_only_for_names_without_a_host()
    {
        _options.Mirrors = [new Uri("http://mirror:5000")];
        _options.DefaultRegistry = new Uri("http://registry.corp");
        Assert.Equal(
            ["http://mirror:5000/", "http://registry.corp/"],
            RegistrySource.ForPull(Store.Name("m"), insecure: false, _options)
                .Select(source => source.Registry.ToString()));
        Assert.Equal(
            "https://other/",
            RegistrySource.ForPull(Store.Name("other/a/m"), insecure: false, _options).Single().Registry.ToString());
        Assert.Equal(
            "http://registry.corp/",
            RegistrySource.ForPush(Store.Name("m"), insecure: false, _options).Registry.ToString());
    }

    [Theory]
    [InlineData("registry.ollama.ai/library/m")]
    [InlineData("example.com/a/m")]
    [InlineData("8.8.8.8/a/m")]
    public void Insecure_is_refused_beyond_the_own_network(string name)
    {
        var failure = Assert.Throws<TransferException>(
            () => RegistrySource.ForPush(Store.Name(name), insecure: true, _options));
        Assert.Equal("insecure protocol http", failure.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_that_is_no_address_is_refused_with_its_name(bool insecure)
    {
        var failure = Assert.Throws<TransferException>(
            () => RegistrySource.ForPush(Store.Name("a:b:c/team/m"), insecure, _options));
        Assert.Equal("\"a:b:c\" is not the address of a registry", failure.Message);
    }

    [Theory]
    [InlineData("local", "localhost", true)]
    [InlineData("local", "127.0.0.1:5000", true)]
    [InlineData("local", "10.1.2.3", true)]
    [InlineData("local", "192.168.0.9:80", true)]
    [InlineData("local", "172.16.0.1", true)]
    [InlineData("local", "172.32.0.1", false)]
    [InlineData("local", "gpu-box:11434", true)]
    [InlineData("local", "gpu.internal", true)]
    [InlineData("local", "gpu.example.com", false)]
    [InlineData("gpu.example.com", "gpu.example.com:5000", true)]
    [InlineData("gpu.example.com:5000", "gpu.example.com:5001", false)]
    [InlineData("*", "example.com", true)]
    public void The_policy_goes_by_the_host(string entry, string host, bool allowed) =>
        Assert.Equal(allowed, InsecurePolicy.Allows([entry], host));

    [Fact]
    public void Credentials_belong_to_scheme_host_and_port()
    {
        var source = new RegistrySource(new Uri("https://r:5000"), "a/b");
        Assert.True(source.Owns(new Uri("https://R:5000/x")));
        Assert.False(source.Owns(new Uri("http://r:5000/x")));
        Assert.False(source.Owns(new Uri("https://r/x")));
        Assert.False(source.Owns(new Uri("https://s:5000/x")));
        Assert.True(source.MayFollow(new Uri("https://cdn/x")));
        Assert.False(source.MayFollow(new Uri("http://cdn/x")));
        Assert.False(source.MayFollow(new Uri("file:///etc/passwd")));
        Assert.True(new RegistrySource(new Uri("http://r"), "a/b").MayFollow(new Uri("http://cdn/x")));
    }
}
