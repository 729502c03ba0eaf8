using Ollama.Platform.Contracts.Files;

namespace Ollama.Platform.UnitTests.Records;

public sealed class MemoryFileContentsTests : FileContentsConformance
{
    private readonly MemoryFileContents _contents = new();

    protected override IFileContents Create() => _contents;
}
