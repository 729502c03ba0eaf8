namespace Ollama.Platform.Silo.Models;

/// <summary>Arithmetic of keep-alive times. Pure.</summary>
internal static class KeepAlive
{
    // Ollama's "for ever" is 292 years; anything of that order never ends in practice and would overflow dates.
    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(36_500);

    /// <summary>When an idle model is to be unloaded; null for never.</summary>
    public static DateTimeOffset? ExpiresAt(DateTimeOffset now, TimeSpan keepAlive) =>
        keepAlive < TimeSpan.Zero || keepAlive > TimeMax ? null : now + keepAlive;
}
