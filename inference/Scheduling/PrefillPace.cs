namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// How many prompt tokens a step may compute besides the next tokens of running sequences, so that these keep their
/// pace. It learns from the steps what a token costs. Pure: the decode loop measures.
/// </summary>
/// <param name="delayMax">Time between two tokens of a sequence that prompts may cause; 0 or less for no limit.</param>
/// <param name="batchTokensMax">Tokens of one batch at most.</param>
internal sealed class PrefillPace(TimeSpan delayMax, int batchTokensMax)
{
    // A prompt goes on at least this fast, whatever the limit: fewer tokens cost the engine about as much.
    private const int TokensMin = 16;

    // Before anything was measured; a quarter of the usual micro-batch.
    private const int TokensFirst = 128;

    // Weight of the latest measurement.
    private const double Recent = 0.25;

    private double _stepSeconds = -1;
    private double _tokenSeconds = -1;

    /// <summary>Prompt tokens of the next step at most.</summary>
    /// <param name="decodeCount">Sequences that get their next token in it.</param>
    public int TokensMax(int decodeCount)
    {
        var room = Math.Max(batchTokensMax - decodeCount, 0);
        if (decodeCount == 0 || delayMax <= TimeSpan.Zero)
        {
            return room;
        }

        if (_tokenSeconds < 0)
        {
            return Math.Min(room, TokensFirst);
        }

        // Where a step alone takes the limit up, prompts get as much time as the tokens of the others.
        var step = Math.Max(_stepSeconds, 0);
        var seconds = Math.Max(delayMax.TotalSeconds - step, step);
        var tokens = seconds >= _tokenSeconds * room ? room : (int)(seconds / _tokenSeconds);
        return Math.Clamp(tokens, Math.Min(TokensMin, room), room);
    }

    /// <summary>Takes note of what a step took.</summary>
    /// <param name="decodeCount">Sequences that got their next token.</param>
    /// <param name="prefillCount">Prompt tokens computed.</param>
    /// <param name="elapsed">Duration of the step.</param>
    public void Measure(int decodeCount, int prefillCount, TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds;
        if (prefillCount == 0)
        {
            _stepSeconds = Average(_stepSeconds, seconds);
        }
        else if (prefillCount >= TokensMin)
        {
            // A shorter prompt costs about as much as this many tokens, and would make each look dear.
            var own = decodeCount == 0 ? seconds : Math.Max(seconds - Math.Max(_stepSeconds, 0), 0);
            _tokenSeconds = Average(_tokenSeconds, own / prefillCount);
        }
    }

    private static double Average(double average, double value) =>
        average < 0 ? value : average + ((value - average) * Recent);
}
