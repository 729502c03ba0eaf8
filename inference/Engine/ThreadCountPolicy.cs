namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// How many threads compute while other processes compete for the processors. Threads meet some hundred times for each
/// token and wait by spinning, so that one that is not running stalls all: with two foreign busy processes on two cores
/// two threads gave a tenth of the tokens that one thread gave. Lowers soon and raises late. Pure.
/// </summary>
/// <param name="processorCount">Logical processors that this process may use.</param>
internal sealed class ThreadCountPolicy(int processorCount)
{
    // Samples in a row that must agree. A compiler's burst is shorter than two; a pause of a busy neighbour is shorter
    // than eight.
    private const int SamplesToLower = 2;
    private const int SamplesToRaise = 8;

    // Processors' worth of foreign load that is left out of account: what any machine does beside its work.
    private const double Slack = 0.35;

    private readonly int _processorCount = processorCount;
    private int _lowCount;
    private int _highCount;
    private int _highest;

    /// <summary>Threads that compute together now, of all engines of this process.</summary>
    public int Total { get; private set; } = processorCount;

    /// <summary>Whether no thread is taken back.</summary>
    public bool IsHighest => Total == _processorCount;

    /// <summary>Takes a sample.</summary>
    /// <param name="foreignLoad">Processors that others kept busy since the last one.</param>
    /// <param name="competingLoad">Of these, what they kept busy while this process computed.</param>
    /// <returns>Whether <see cref="Total"/> has changed.</returns>
    public bool Take(double foreignLoad, double competingLoad)
    {
        var lower = Leave(competingLoad);
        var wanted = Leave(foreignLoad);
        _lowCount = lower < Total ? _lowCount + 1 : 0;
        _highest = wanted > Total ? Math.Min(_highCount == 0 ? wanted : _highest, wanted) : wanted;
        _highCount = wanted > Total ? _highCount + 1 : 0;
        if (_lowCount < SamplesToLower && _highCount < SamplesToRaise)
        {
            return false;
        }

        // Upwards only as far as every sample of the series allows.
        Total = _lowCount > 0 ? lower : _highest;
        (_lowCount, _highCount) = (0, 0);
        return true;
    }

    private int Leave(double load) => Math.Clamp((int)(_processorCount - load + Slack), 1, _processorCount);

    /// <summary>An engine's part.</summary>
    /// <param name="total">Threads of all engines together.</param>
    /// <param name="activeCount">Engines that compute at the same time.</param>
    /// <param name="threadCountMax">What the engine would use alone.</param>
    public static int Share(int total, int activeCount, int threadCountMax) =>
        Math.Clamp(total / Math.Max(activeCount, 1), 1, threadCountMax);
}
