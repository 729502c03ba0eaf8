using System.Diagnostics.Metrics;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Makes meters that a test can tell from those of tests beside it.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Sums what a counter of these meters is given, by its tags, e.g. <c>kind=input model=m</c>.</summary>
    public MeterListener Listen(string counter, IDictionary<string, long> sums)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == counter && ReferenceEquals(instrument.Meter.Scope, this))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var key = string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .Select(tag => $"{tag.Key}={tag.Value}"));
            lock (sums)
            {
                sums[key] = (sums.TryGetValue(key, out var sum) ? sum : 0) + value;
            }
        });
        listener.Start();
        return listener;
    }

    public void Dispose()
    {
        foreach (var meter in _meters)
        {
            meter.Dispose();
        }
    }
}
