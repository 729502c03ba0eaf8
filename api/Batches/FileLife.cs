using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Batches;

/// <summary>How long a file is kept when its owner says so.</summary>
internal static class FileLife
{
    /// <summary>From when on it counts.</summary>
    public const string Anchor = "created_at";

    /// <summary>The shortest that OpenAI allows.</summary>
    public const int SecondsMin = 60 * 60;

    /// <summary>The longest that OpenAI allows.</summary>
    public const int SecondsMax = 30 * 24 * SecondsMin;

    /// <summary>The time.</summary>
    /// <param name="field">What the client calls it, for refusals.</param>
    /// <param name="anchor">From when on it counts.</param>
    /// <param name="seconds">How many seconds; null for what is no number.</param>
    /// <exception cref="Contracts.Errors.ModelException">It has no meaning.</exception>
    public static TimeSpan Read(string field, string? anchor, int? seconds) =>
        anchor == Anchor && seconds is >= SecondsMin and <= SecondsMax
            ? TimeSpan.FromSeconds(seconds.Value)
            : throw GoJsonErrors.Refuse(
                $"{field} needs the anchor \"{Anchor}\" and between {SecondsMin} and {SecondsMax} seconds");
}
