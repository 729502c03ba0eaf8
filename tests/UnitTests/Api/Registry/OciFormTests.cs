using System.Text;
using Ollama.Platform.Api.Registry;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Api.Registry;

/// <summary>What has another form, and what is served as it is.</summary>
public sealed class OciFormTests
{
    private const string Docker = "application/vnd.docker.distribution.manifest.v2+json";

    [Theory]
    [InlineData("{\"mediaType\":\"application/vnd.docker.container.image.v1+json\"}", true)]
    [InlineData("{\"size\":1,\"size\":2}", false)]
    [InlineData("{\"mediaType\":\"\\ud800\"}", false)]
    public void A_manifest_whose_config_cannot_be_read_has_no_other_form(string config, bool hasForm)
    {
        var bytes = Encoding.UTF8.GetBytes(
            "{\"config\":" + config + ",\"layers\":[{\"mediaType\":\"application/vnd.ollama.image.model\"}]}");
        Assert.True(ModelName.TryParse("test", out var name));
        var form = OciForm.Of(new ManifestContent(name, Digest.Of(bytes), Docker, bytes));
        Assert.Equal(hasForm, form?.MediaType == "application/vnd.oci.image.manifest.v1+json");
    }
}
