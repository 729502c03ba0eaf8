using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ollama.Platform.Host.Options;

/// <summary>
/// Reads the settings of the gRPC dialect. A wrong one would serve what was to be off, or in the clear: it stops the
/// host.
/// </summary>
/// <param name="value">The value of a variable, without blanks and quotes; empty when it is not set.</param>
/// <param name="main">Where the other dialects are served.</param>
internal sealed class GrpcSettingsReader(Func<string, string> value, ListenAddress main)
{
    private const string HostName = "OLLAMA_GRPC_HOST";
    private const string CertificateName = "OLLAMA_GRPC_CERT";
    private const string KeyName = "OLLAMA_GRPC_KEY";
    private const string MessageName = "OLLAMA_GRPC_MAX_MESSAGE";

    /// <summary>Reads them all.</summary>
    /// <exception cref="SettingException">One cannot be read.</exception>
    public GrpcSettings Read()
    {
        var (certificate, chain) = Certificate();
        return ReadRest() with { Certificate = certificate, CertificateChain = chain };
    }

    private GrpcSettings ReadRest() => new()
    {
        Listen = Address(),
        IsAddressAsked = value(HostName).Length > 0,
        Web = Flag("OLLAMA_GRPC_WEB", false),
        Reflection = Flag("OLLAMA_GRPC_REFLECTION", true),
        AnswersCompressed = Flag("OLLAMA_GRPC_GZIP", false),
        MessageBytesMax = MessageBytes(),
    };

    private ListenAddress? Address()
    {
        var text = value(HostName);
        var fallback = DefaultAddress();
        if (text.ToLowerInvariant() is "off" or "0" or "false")
        {
            return null;
        }

        if (text.Length == 0)
        {
            return fallback;
        }

        var (host, portText) = ListenAddress.Split(text);
        var port = fallback?.Port ?? 0;
        return portText is null || (int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port <= IPEndPoint.MaxPort)
            ? new ListenAddress(host.Length > 0 ? host : main.Host, port)
            : throw new SettingException(
                $"{HostName}: \"{text}\" is no address; it may be a host, host:port or :port, or off.");
    }

    // The port behind the other one: 11435 unless OLLAMA_HOST says otherwise, and free where that is.
    private ListenAddress? DefaultAddress() => main.Port switch
    {
        0 => main,
        IPEndPoint.MaxPort => null,
        _ => main with { Port = main.Port + 1 },
    };

    private (X509Certificate2? Certificate, X509Certificate2Collection? Chain) Certificate()
    {
        var (certificate, key) = (value(CertificateName), value(KeyName));
        if (certificate.Length == 0)
        {
            return key.Length == 0
                ? (null, null)
                : throw new SettingException($"{KeyName} needs {CertificateName} beside it.");
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            return (X509Certificate2.CreateFromPemFile(certificate, key.Length > 0 ? key : null), chain);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{CertificateName}: \"{certificate}\" cannot be used: {failure.Message}");
        }
    }

    private bool Flag(string name, bool fallback) => StrictFlag.Read(name, value(name), fallback);

    private int MessageBytes()
    {
        var text = value(MessageName);
        if (text.Length == 0)
        {
            return new GrpcSettings().MessageBytesMax;
        }

        return ByteCount.TryParse(text, out var bytes) && bytes is > 0 and <= int.MaxValue
            ? (int)bytes
            : throw new SettingException(
                $"{MessageName}: \"{text}\" is no number of bytes up to {int.MaxValue}, such as 67108864 or 64MiB.");
    }
}
