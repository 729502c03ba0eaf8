using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Registry;

public sealed class RegistryKeyTests : IDisposable
{
    // Made with ssh-keygen for this test alone.
    private const string Known = """
        -----BEGIN OPENSSH PRIVATE KEY-----
        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
        QyNTUxOQAAACDDCKq1q8YwokNCVDEIscj2V/d8T374ZJ8zXRnpZ99PMgAAAIjnwxwM58Mc
        DAAAAAtzc2gtZWQyNTUxOQAAACDDCKq1q8YwokNCVDEIscj2V/d8T374ZJ8zXRnpZ99PMg
        AAAEBDNgZSVG3UHdQ3XvHS1MtnAYSFmlqovTyqUnhxVqwDt8MIqrWrxjCiQ0JUMQixyPZX
        93xPfvhknzNdGeln308yAAAAAAECAwQF
        -----END OPENSSH PRIVATE KEY-----
        """;

    private readonly TemporaryFolder _folder = new();

    private string KeyFile => Path.Combine(_folder.Path, "keys", "id_ed25519");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_is_made_once_in_the_usual_format_and_for_its_owner_alone()
    {
        var first = Open().Sign("text"u8.ToArray());
        Assert.Equal(first, Open().Sign("text"u8.ToArray()));
        Assert.NotEqual(first, Open().Sign("other"u8.ToArray()));

        var lines = File.ReadAllLines(KeyFile);
        Assert.Equal("-----BEGIN OPENSSH PRIVATE KEY-----", lines[0]);
        Assert.Equal("-----END OPENSSH PRIVATE KEY-----", lines[^1]);
        Assert.Equal($"ssh-ed25519 {first.Split(':')[0]}\n", File.ReadAllText(KeyFile + ".pub"));
        Assert.Equal(2, Directory.EnumerateFiles(Path.GetDirectoryName(KeyFile)!).Count());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void A_key_of_OpenSSH_is_read()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        File.WriteAllText(KeyFile, Known);
        Assert.StartsWith(
            "AAAAC3NzaC1lZDI1NTE5AAAAIMMIqrWrxjCiQ0JUMQixyPZX93xPfvhknzNdGeln308y:",
            Open().Sign([]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_key_is_named_and_kept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        File.WriteAllText(KeyFile, "nonsense");
        var failure = Assert.Throws<TransferException>(() => Open().Sign([]));
        Assert.Contains(KeyFile, failure.Message, StringComparison.Ordinal);
        Assert.Equal("nonsense", File.ReadAllText(KeyFile));
    }

    private RegistryKey Open() => new(
        Options.Create(new RegistryOptions { KeyFile = KeyFile }), NullLogger<RegistryKey>.Instance);
}
