using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Models;

/// <summary>Decides whether a model thinks when the client did not say.</summary>
internal static class ThinkDefault
{
    /// <summary>What the client asked for; otherwise a model that can think does.</summary>
    public static ThinkSetting? Resolve(ThinkSetting? requested, IReadOnlyList<ModelCapability> capabilities) =>
        requested ?? (capabilities.Contains(ModelCapability.Thinking) ? new ThinkSetting(true, null) : null);
}
