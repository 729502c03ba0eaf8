using System.Globalization;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Text;

namespace Ollama.Platform.Api.Routing;

/// <summary>
/// Reads <c>X-Deadline</c>, with which a request of any dialect says how long its answer is of use: work that is not
/// done by then is dropped.
/// </summary>
internal static class DeadlineHeader
{
    /// <summary>The header's name.</summary>
    public const string Name = "X-Deadline";

    // What a timer can wait for; nobody waits longer.
    private static readonly TimeSpan Max = TimeSpan.FromDays(49);

    /// <summary>The time from now on; null when nothing is said.</summary>
    /// <param name="text">The header's value, seconds or a Go duration; null or empty when it is absent.</param>
    /// <param name="model">The model as the client named it.</param>
    /// <exception cref="ModelException">It is no duration, or not above zero.</exception>
    public static TimeSpan? Read(string? text, string model)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // Go's durations need a unit; what has none is a number of seconds.
        var duration = decimal.TryParse(
            text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min((double)seconds, Max.TotalSeconds))
            : GoDuration.TryParse(text, out var parsed, out _) ? parsed : TimeSpan.Zero;
        return duration > TimeSpan.Zero
            ? Limit(duration)
            : throw new ModelException(
                ModelErrorCode.RequestInvalid, model, $"{Name} must be a duration above zero, such as 30s");
    }

    /// <summary>At most what a timer can wait for.</summary>
    public static TimeSpan Limit(TimeSpan deadline) => deadline > Max ? Max : deadline;
}
