namespace Ollama.Platform.Inference.Drafting;

/// <summary>What a step takes by the tokens in it, as measured. Pure; belongs to the decode thread.</summary>
internal sealed class StepCosts
{
    private const int TokensMax = 256;

    // Weight of the latest measurement.
    private const double Recent = 0.2;

    // A step in which the machine did something else says little; one that takes longer for good says so often.
    private const double OutlierFactor = 2;

    private readonly double[] _seconds = new double[TokensMax + 1];

    /// <summary>Takes note of what a step took.</summary>
    public void Measure(int tokenCount, TimeSpan elapsed)
    {
        if (tokenCount is > 0 and <= TokensMax)
        {
            ref var seconds = ref _seconds[tokenCount];
            var latest = seconds == 0 ? elapsed.TotalSeconds : Math.Min(elapsed.TotalSeconds, seconds * OutlierFactor);
            seconds = seconds == 0 ? latest : seconds + ((latest - seconds) * Recent);
        }
    }

    /// <summary>
    /// Seconds that a step of so many tokens takes; for a number not measured yet what fewer tokens took, so that it is
    /// tried once. 0 when nothing was measured.
    /// </summary>
    public double Estimate(int tokenCount)
    {
        for (var count = Math.Min(tokenCount, TokensMax); count > 0; count--)
        {
            if (_seconds[count] > 0)
            {
                return _seconds[count];
            }
        }

        return 0;
    }
}
