namespace Ollama.Platform.Contracts.Models;

/// <summary>Whether a model reasons before it answers, and how hard.</summary>
/// <param name="Enabled">True to think.</param>
/// <param name="Level"><c>low</c>, <c>medium</c>, <c>high</c> or <c>max</c>; null when only on or off was
/// asked.</param>
public sealed record ThinkSetting(bool Enabled, string? Level);
