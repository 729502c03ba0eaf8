namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>Sums over the requests of one model.</summary>
/// <param name="Name">The model's shortest name with its tag.</param>
/// <param name="RequestCount">Requests that were answered; at least one.</param>
/// <param name="FailureCount">Those that the server failed.</param>
/// <param name="AnswerBytes">Bytes of all bodies that were sent.</param>
/// <param name="DurationMean">Mean time of an answer.</param>
/// <param name="Duration95">Of the latest, 95 of 100 took no longer.</param>
/// <param name="Duration99">Of the latest, 99 of 100 took no longer.</param>
/// <param name="LastAt">When the last of them had been answered.</param>
internal sealed record ModelTotals(
    string Name, long RequestCount, long FailureCount, long AnswerBytes, TimeSpan DurationMean, TimeSpan Duration95,
    TimeSpan Duration99, DateTimeOffset LastAt)
{
    /// <summary>Share that did not fail, from 0 to 1.</summary>
    public double SuccessRate => (double)(RequestCount - FailureCount) / RequestCount;
}
