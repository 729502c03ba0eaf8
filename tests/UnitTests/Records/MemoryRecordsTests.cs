using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.UnitTests.Records;

public sealed class MemoryRecordsTests : RecordsConformance
{
    private readonly ManualTime _time = new();
    private readonly MemoryRecords _records;

    public MemoryRecordsTests() => _records = new MemoryRecords(_time);

    protected override IRecords Records => _records;

    protected override void Advance(TimeSpan duration) => _time.Advance(duration);
}
