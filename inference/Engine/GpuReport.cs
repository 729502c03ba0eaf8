using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Says in one line what a GPU needs and whether it was found.</summary>
internal static class GpuReport
{
    /// <summary>A package was installed on purpose, and none of them works.</summary>
    public static bool IsWanting(IReadOnlyList<LlamaRequirement> requirements)
    {
        var installed = Group(requirements).Where(group => group[0].IsFound).ToList();
        return installed.Count > 0 && !installed.Any(group => group.All(part => part.IsFound));
    }

    /// <summary>
    /// The requirements worth telling: those of variants whose package is installed; when none is, those of the first
    /// variant, so that the owner of a GPU sees what is missing.
    /// </summary>
    public static IEnumerable<string> Describe(IReadOnlyList<LlamaRequirement> requirements)
    {
        var groups = Group(requirements);
        var installed = groups.Where(group => group[0].IsFound).ToList();
        return (installed.Count > 0 ? installed : groups.Take(1))
            .SelectMany(group => group)
            .Select(part => $"{part.Name} {(part.IsFound ? "found" : "missing")} ({part.Detail})");
    }

    private static List<List<LlamaRequirement>> Group(IReadOnlyList<LlamaRequirement> requirements)
    {
        var groups = new List<List<LlamaRequirement>>();
        foreach (var requirement in requirements)
        {
            // Every variant's list begins with its package.
            if (requirement.Name.EndsWith(" package", StringComparison.Ordinal))
            {
                groups.Add([]);
            }

            groups[^1].Add(requirement);
        }

        return groups;
    }
}
