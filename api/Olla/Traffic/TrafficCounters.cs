namespace Ollama.Platform.Api.Olla.Traffic;

/// <summary>What this server has answered since it started. Any thread.</summary>
internal sealed class TrafficCounters
{
    // Names of models that are here; a library that large is nobody's.
    private const int ModelCountMax = 1000;

    private readonly TimeProvider _time;
    private readonly Lock _turn = new();
    private readonly Dictionary<string, ModelTraffic> _models = new(StringComparer.OrdinalIgnoreCase);
    private TrafficTotals _totals = new();
    private MessagesTotals _messages = new();

    /// <summary>Begins to count now.</summary>
    public TrafficCounters(TimeProvider time) => (_time, StartedAt) = (time, time.GetUtcNow());

    /// <summary>When counting began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How long ago that was.</summary>
    public TimeSpan Uptime => _time.GetUtcNow() - StartedAt;

    /// <summary>A request has come.</summary>
    public void Begin()
    {
        lock (_turn)
        {
            _totals = _totals with { ActiveCount = _totals.ActiveCount + 1 };
        }
    }

    /// <summary>A request that had begun was answered, or left.</summary>
    /// <param name="status">HTTP status of the answer.</param>
    /// <param name="failed">The server is to blame for the answer.</param>
    /// <param name="duration">From its arrival to the end of its answer.</param>
    /// <param name="bytes">Length of the answer's body.</param>
    /// <param name="model">The model that was to run; null for none.</param>
    public void End(int status, bool failed, TimeSpan duration, long bytes, string? model)
    {
        lock (_turn)
        {
            FindModel(model)?.Add(failed, duration, bytes, _time.GetUtcNow());
            _totals = _totals with
            {
                ActiveCount = _totals.ActiveCount - 1,
                RequestCount = _totals.RequestCount + 1,
                FailureCount = _totals.FailureCount + (failed ? 1 : 0),
                SizeRefusalCount = _totals.SizeRefusalCount + (status == 413 ? 1 : 0),
                RateRefusalCount = _totals.RateRefusalCount + (status == 429 ? 1 : 0),
                AnswerBytes = _totals.AnswerBytes + bytes,
                DurationSum = _totals.DurationSum + duration,
                DurationMin = _totals.RequestCount == 0 || duration < _totals.DurationMin
                    ? duration
                    : _totals.DurationMin,
                DurationMax = duration > _totals.DurationMax ? duration : _totals.DurationMax,
            };
        }
    }

    /// <summary>A request of Anthropic's dialect was answered; it is counted beside all others.</summary>
    public void AddMessages(bool failed, bool isStream, TimeSpan duration)
    {
        lock (_turn)
        {
            _messages = _messages.Add(failed, isStream, duration);
        }
    }

    /// <summary>The sums of Anthropic's dialect so far.</summary>
    public MessagesTotals ReadMessages()
    {
        lock (_turn)
        {
            return _messages;
        }
    }

    /// <summary>The sums so far.</summary>
    public TrafficTotals Read()
    {
        lock (_turn)
        {
            return _totals;
        }
    }

    /// <summary>The sums of each model so far, the most wanted first.</summary>
    public IReadOnlyList<ModelTotals> ReadModels()
    {
        ModelTraffic[] models;
        lock (_turn)
        {
            // The end of every request waits for this lock; what is made of the copies waits for nobody.
            models = [.. _models.Values.Select(model => model.Copy())];
        }

        return
        [
            .. models.Select(model => model.Read()).OrderByDescending(model => model.RequestCount)
                .ThenBy(model => model.Name, StringComparer.Ordinal),
        ];
    }

    private ModelTraffic? FindModel(string? name)
    {
        if (name is null)
        {
            return null;
        }

        if (!_models.TryGetValue(name, out var model) && _models.Count < ModelCountMax)
        {
            _models[name] = model = new ModelTraffic(name);
        }

        return model;
    }
}
