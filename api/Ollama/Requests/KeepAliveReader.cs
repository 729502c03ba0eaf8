using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Text;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>Reads <c>keep_alive</c>: a number of seconds or a Go duration; negative ones mean for ever.</summary>
internal static class KeepAliveReader
{
    /// <summary>Null for JSON null, which leaves the time to the server.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The value is no duration.</exception>
    public static TimeSpan? Read(GoField field)
    {
        switch (field.Value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Number:
                return FromSeconds(field);
            case JsonValueKind.String:
                return GoDuration.TryParse(field.Value.GetString()!, out var duration, out var error)
                    ? OrForever(duration)
                    : throw GoJsonErrors.Refuse(error);
            case JsonValueKind.Object:
                throw GoJsonErrors.Refuse("Unsupported type: 'map[string]interface {}'");
            case JsonValueKind.Array:
                throw GoJsonErrors.Refuse("Unsupported type: '[]interface {}'");
            default:
                throw GoJsonErrors.Refuse("Unsupported type: 'bool'");
        }
    }

    private static TimeSpan FromSeconds(GoField field)
    {
        var seconds = field.Value.GetDouble();
        if (!double.IsFinite(seconds))
        {
            throw GoJsonErrors.Refuse(
                field.Mismatch(field.Value, "float64", "number " + field.Value.GetRawText()));
        }

        // Longer than a 64-bit count of nanoseconds is for ever. What is not zero must not become zero by rounding,
        // since zero unloads the model at once.
        return seconds < 0 || seconds > long.MaxValue / 1e9
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
    }

    private static TimeSpan OrForever(TimeSpan duration) =>
        duration < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : duration;
}
