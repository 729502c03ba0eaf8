namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>What a client saw of one stream.</summary>
/// <param name="TokenCount">Tokens produced, as the server counts them.</param>
/// <param name="Arrivals">When each piece of text arrived, since the request was sent.</param>
internal sealed record StreamReading(int TokenCount, IReadOnlyList<TimeSpan> Arrivals)
{
    /// <summary>Time to the first piece.</summary>
    public TimeSpan First => Arrivals[0];

    /// <summary>Times between a piece and the next.</summary>
    public IEnumerable<TimeSpan> Gaps => Arrivals.Zip(Arrivals.Skip(1), (before, after) => after - before);
}
