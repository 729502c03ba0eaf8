namespace Ollama.Platform.Inference.Drafting;

/// <summary>
/// Decides how many tokens are proposed for a sequence: as many as make the most of a step, by what the engine takes
/// for them and how often proposals for this sequence were right. None when that does not pay; then it is tried again
/// after longer and longer pauses. Pure; belongs to the decode thread.
/// </summary>
internal struct DraftPolicy
{
    private const int PauseFirst = 16;
    private const int PauseMax = 1024;

    // Weight of the latest outcome.
    private const double Recent = 0.15;

    private double _acceptRate;
    private int _pause;
    private int _stepsLeft;

    /// <summary>A policy that knows nothing yet and hopes.</summary>
    public DraftPolicy()
    {
        _acceptRate = 0.8;
        _pause = PauseFirst;
    }

    /// <summary>Share of proposed tokens that were right, of late.</summary>
    public readonly double AcceptRate => _acceptRate;

    /// <summary>Tokens proposed so far.</summary>
    public int ProposedCount { get; private set; }

    /// <summary>Those of them that were right.</summary>
    public int AcceptedCount { get; private set; }

    /// <summary>Tokens to propose in the next step.</summary>
    /// <param name="countMax">Tokens that may be proposed at most.</param>
    /// <param name="otherCount">Tokens of other sequences in the step.</param>
    /// <param name="costs">What steps take.</param>
    /// <param name="tokenSeconds">What it takes to propose a token.</param>
    public int Choose(int countMax, int otherCount, StepCosts costs, double tokenSeconds = 0)
    {
        if (countMax <= 0)
        {
            return 0;
        }

        if (_stepsLeft > 0)
        {
            // At the end of a pause the proposals themselves say whether things have changed.
            return --_stepsLeft == 0 ? countMax : 0;
        }

        var best = 0;
        var bestSpeed = Speed(0, otherCount, costs, tokenSeconds);
        for (var count = 1; count <= countMax; count++)
        {
            var speed = Speed(count, otherCount, costs, tokenSeconds);
            (best, bestSpeed) = speed > bestSpeed ? (count, speed) : (best, bestSpeed);
        }

        if (best == 0)
        {
            Rest();
        }
        else
        {
            _pause = PauseFirst;
        }

        return best;
    }

    /// <summary>Proposes nothing for a while, and longer each time until proposals pay.</summary>
    public void Rest()
    {
        _stepsLeft = _pause;
        _pause = Math.Min(_pause * 2, PauseMax);
    }

    /// <summary>Takes note of a step with proposals.</summary>
    /// <param name="draftCount">Tokens proposed.</param>
    /// <param name="acceptedCount">Those of them, from the first on, that were right.</param>
    public void Observe(int draftCount, int acceptedCount)
    {
        ProposedCount += draftCount;
        AcceptedCount += acceptedCount;
        for (var count = 0; count < acceptedCount; count++)
        {
            _acceptRate += (1 - _acceptRate) * Recent;
        }

        if (acceptedCount < draftCount)
        {
            _acceptRate -= _acceptRate * Recent;
        }
    }

    // Tokens a second of all sequences together.
    private readonly double Speed(int draftCount, int otherCount, StepCosts costs, double tokenSeconds)
    {
        var tokens = otherCount + 1.0;
        var reached = 1.0;
        for (var count = 0; count < draftCount; count++)
        {
            reached *= _acceptRate;
            tokens += reached;
        }

        var seconds = costs.Estimate(otherCount + 1 + draftCount) + (draftCount * tokenSeconds);
        return tokens / Math.Max(seconds, 1e-9);
    }
}
