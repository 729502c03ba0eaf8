using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Placement;

/// <summary>Chooses which idle replica gives its memory back. Pure.</summary>
internal static class EvictionPolicy
{
    /// <summary>
    /// The idle replica that would be unloaded first anyway; of two, the one unused for longer. Never one in use.
    /// Null when none is idle.
    /// </summary>
    public static Resident? Choose(IEnumerable<Resident> residents) => residents
        .Where(resident => resident.IsIdle)
        .OrderBy(resident => resident.ExpiresAt ?? DateTimeOffset.MaxValue)
        .ThenBy(resident => resident.UsedAt)
        .ThenBy(resident => resident.Key.ToString(), StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>
    /// An idle replica of the same weights, loaded with other options: the new one replaces it, as a reload would.
    /// </summary>
    public static Resident? Superseded(IEnumerable<Resident> residents, Digest weights) =>
        Choose(residents.Where(resident => resident.Weights == weights));
}
