namespace Ollama.Platform.Prompting.Parsing;

/// <summary>What stands around the values of a call that are literals.</summary>
/// <param name="KeyEnd">Ends the name of a parameter.</param>
/// <param name="Close">Ends the arguments.</param>
/// <param name="ReadKey">The name of a parameter; null where what was written is none.</param>
internal sealed record LiteralFrame(char KeyEnd, char Close, Func<string, string?> ReadKey)
{
    /// <summary>A comma stands between two values; otherwise it may be missing.</summary>
    public bool NeedsCommas { get; init; }
}
