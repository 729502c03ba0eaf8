namespace Ollama.Platform.Host.Options;

/// <summary>A switch that opens something: a word that is neither on nor off stops the host.</summary>
internal static class StrictFlag
{
    /// <summary>Reads it.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="text">Its value; empty when it is not set.</param>
    /// <param name="fallback">What counts then.</param>
    /// <exception cref="SettingException">It is neither on nor off.</exception>
    public static bool Read(string name, string text, bool fallback) => text.ToLowerInvariant() switch
    {
        "" => fallback,
        "on" or "1" or "true" => true,
        "off" or "0" or "false" => false,
        var other => throw new SettingException($"{name}: \"{other}\" is neither on nor off."),
    };
}
