namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ollama-platform-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
