namespace Ollama.Platform.UnitTests.BlobStore;

/// <summary>A folder of its own for a test whose unit is the disk; gone with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ollama-platform-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
