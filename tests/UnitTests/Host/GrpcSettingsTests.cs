using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ollama.Platform.Host.Options;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Host;

public sealed class GrpcSettingsTests
{
    [Fact]
    public void By_default_it_listens_behind_the_other_port()
    {
        var settings = Read(11434);
        Assert.Equal(("http://192.168.1.2:11435", false), (settings.Listen!.ToString(), settings.IsAddressAsked));
        Assert.Equal((false, true, false), (settings.Web, settings.Reflection, settings.AnswersCompressed));
        Assert.Equal(64 * 1024 * 1024, settings.MessageBytesMax);
        Assert.Null(settings.Certificate);
        Assert.Equal(0, Read(0).Listen!.Port);
        Assert.Null(Read(65535).Listen);
    }

    [Theory]
    [InlineData("0.0.0.0:5000", "http://0.0.0.0:5000")]
    [InlineData(":5000", "http://192.168.1.2:5000")]
    [InlineData("localhost", "http://localhost:11435")]
    [InlineData("[::1]:5000", "http://[::1]:5000")]
    [InlineData("::1", "http://[::1]:11435")]
    public void An_address_may_leave_out_what_is_the_same(string text, string address)
    {
        var settings = Read(11434, ("OLLAMA_GRPC_HOST", text));
        Assert.Equal((address, true), (settings.Listen!.ToString(), settings.IsAddressAsked));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("0")]
    [InlineData("FALSE")]
    public void It_can_be_off(string text) => Assert.Null(Read(11434, ("OLLAMA_GRPC_HOST", text)).Listen);

    [Theory]
    [InlineData("OLLAMA_GRPC_HOST", "127.0.0.1:99999")]
    [InlineData("OLLAMA_GRPC_HOST", "127.0.0.1:http")]
    [InlineData("OLLAMA_GRPC_CERT", "/nowhere/cert.pem")]
    [InlineData("OLLAMA_GRPC_KEY", "/nowhere/key.pem")]
    [InlineData("OLLAMA_GRPC_WEB", "maybe")]
    [InlineData("OLLAMA_GRPC_REFLECTION", "yes please")]
    [InlineData("OLLAMA_GRPC_GZIP", "9")]
    [InlineData("OLLAMA_GRPC_MAX_MESSAGE", "large")]
    [InlineData("OLLAMA_GRPC_MAX_MESSAGE", "0")]
    [InlineData("OLLAMA_GRPC_MAX_MESSAGE", "3GiB")]
    [InlineData("OLLAMA_GRPC_MAX_MESSAGE", "9999999999999999999GiB")]
    public void What_cannot_be_guessed_stops_the_start(string name, string text)
    {
        var failure = Assert.Throws<SettingException>(() => Read(11434, (name, text)));
        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_may_lie_in_one_file_with_its_key_or_beside_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        using var folder = new TemporaryFolder();
        var (certificate, keyFile, both) = (
            Path.Combine(folder.Path, "cert.pem"), Path.Combine(folder.Path, "key.pem"),
            Path.Combine(folder.Path, "both.pem"));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(both, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        var apart = Read(1, ("OLLAMA_GRPC_CERT", certificate), ("OLLAMA_GRPC_KEY", keyFile));
        var together = Read(1, ("OLLAMA_GRPC_CERT", both));
        Assert.Equal(made.Thumbprint, apart.Certificate!.Thumbprint);
        Assert.True(apart.Certificate.HasPrivateKey && together.Certificate!.HasPrivateKey);
        Assert.Throws<SettingException>(() => Read(1, ("OLLAMA_GRPC_CERT", certificate)));
    }

    private static GrpcSettings Read(int port, params (string Name, string Value)[] variables) =>
        new GrpcSettingsReader(
            name => variables.FirstOrDefault(variable => variable.Name == name).Value ?? "",
            new ListenAddress("192.168.1.2", port)).Read();
}
