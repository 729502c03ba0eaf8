using Google.Protobuf.WellKnownTypes;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>Reads durations that clients send.</summary>
internal static class DurationReader
{
    // Limits of the protobuf type: ten thousand years, less than a second.
    private const long SecondsMax = 315_576_000_000;
    private const int NanosMax = 999_999_999;
    private const int NanosPerTick = 100;

    // Longer than a 64-bit count of nanoseconds is for ever, as it is in Ollama's JSON.
    private const long FiniteSecondsMax = long.MaxValue / 1_000_000_000;

    private static readonly TimeSpan HeartbeatMin = TimeSpan.FromSeconds(1);

    /// <summary>How long a model stays loaded: null leaves it to the server, negative is for ever.</summary>
    /// <exception cref="ModelException">The message is no duration.</exception>
    public static TimeSpan? KeepAlive(Duration? duration, string model)
    {
        if (duration is null)
        {
            return null;
        }

        Check(duration, "keep_alive", model);
        return duration.Seconds < 0 || duration.Nanos < 0 || duration.Seconds > FiniteSecondsMax
            ? Timeout.InfiniteTimeSpan
            : ToTime(duration);
    }

    /// <summary>How long a stream may be silent; null for as long as it takes.</summary>
    /// <exception cref="ModelException">It is less than a second.</exception>
    public static TimeSpan? Heartbeat(Duration? duration, string model)
    {
        if (duration is null)
        {
            return null;
        }

        Check(duration, "heartbeat_period", model);
        var period = duration.Seconds > FiniteSecondsMax ? TimeSpan.MaxValue : ToTime(duration);
        return period < HeartbeatMin ? throw Refuse("heartbeat_period must be at least a second", model)
            : period < TimeSpan.FromDays(1) ? period
            : null;
    }

    // What is not zero must not become zero by rounding, since zero unloads a model at once.
    private static TimeSpan ToTime(Duration duration) => TimeSpan.FromTicks(
        (duration.Seconds * TimeSpan.TicksPerSecond) + ((duration.Nanos + NanosPerTick - 1) / NanosPerTick));

    private static void Check(Duration duration, string field, string model)
    {
        if (Math.Abs((decimal)duration.Seconds) > SecondsMax || Math.Abs((long)duration.Nanos) > NanosMax
            || Math.Sign(duration.Seconds) * Math.Sign(duration.Nanos) < 0)
        {
            throw Refuse($"{field} is no valid duration", model);
        }
    }

    private static ModelException Refuse(string message, string model) =>
        new(ModelErrorCode.RequestInvalid, model, message);
}
