using System.Collections.Frozen;
using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>All filters by name.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Builtin> AllTable =
        ValueFilters.All.Concat(TextFilters.All).Concat(SequenceFilters.All).Concat(SelectionFilters.All)
            .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The filter of a name; null when there is none.</summary>
    public static Builtin? Find(string name) => AllTable.GetValueOrDefault(name);
}
