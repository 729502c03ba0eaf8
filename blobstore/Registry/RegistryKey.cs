using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;
using Org.BouncyCastle.Security;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// The ed25519 key that this server signs with, in OpenSSH's format as Ollama keeps it. Made at the first need.
/// </summary>
internal sealed partial class RegistryKey(IOptions<RegistryOptions> options, ILogger<RegistryKey> logger)
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string End = "-----END OPENSSH PRIVATE KEY-----";
    private const int LineLength = 70;

    private readonly Lock _lock = new();
    private Ed25519PrivateKeyParameters? _key;

    /// <summary>The public key and the signature of a text, as Ollama's registry takes them.</summary>
    /// <exception cref="TransferException">The key cannot be read or made.</exception>
    public string Sign(byte[] text)
    {
        var key = Load();
        var signature = new byte[Ed25519PrivateKeyParameters.SignatureSize];
        key.Sign(Org.BouncyCastle.Math.EC.Rfc8032.Ed25519.Algorithm.Ed25519, null, text, 0, text.Length, signature, 0);
        return $"{PublicText(key)}:{Convert.ToBase64String(signature)}";
    }

    private static string PublicText(Ed25519PrivateKeyParameters key) =>
        Convert.ToBase64String(OpenSshPublicKeyUtilities.EncodePublicKey(key.GeneratePublicKey()));

    private Ed25519PrivateKeyParameters Load()
    {
        lock (_lock)
        {
            var path = options.Value.KeyFile;
            try
            {
                return _key ??= File.Exists(path) ? Read(path) : Create(path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
                or FormatException or InvalidOperationException or ArgumentException)
            {
                throw new TransferException($"the key {path} cannot be used: {failure.Message}", failure);
            }
        }
    }

    private static Ed25519PrivateKeyParameters Read(string path)
    {
        var text = File.ReadAllText(path).Trim();
        return text.StartsWith(Begin, StringComparison.Ordinal) && text.EndsWith(End, StringComparison.Ordinal)
            && OpenSshPrivateKeyUtilities.ParsePrivateKeyBlob(Convert.FromBase64String(text[Begin.Length..^End.Length]))
                is Ed25519PrivateKeyParameters key
            ? key
            : throw new FormatException("it is no ed25519 key in OpenSSH's format");
    }

    private Ed25519PrivateKeyParameters Create(string path)
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        var blob = Convert.ToBase64String(OpenSshPrivateKeyUtilities.EncodePrivateKey(key));
        var lines = blob.Chunk(LineLength).Select(line => new string(line));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Another process may do the same at the same moment: whoever comes first wins, and both use its key.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Write(temporary, $"{Begin}\n{string.Join('\n', lines)}\n{End}\n", isSecret: true);
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
            return Read(path);
        }

        Write($"{path}.pub", $"ssh-ed25519 {PublicText(key)}\n", isSecret: false);
        Log.Created(logger, path);
        return key;
    }

    private static void Write(string path, string text, bool isSecret)
    {
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite
            | (isSecret ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = mode;
        }

        using var stream = new FileStream(path, file);
        stream.Write(Encoding.ASCII.GetBytes(text));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A key for registries was made: {Path}.")]
        public static partial void Created(ILogger logger, string path);
    }
}
