namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>Values by key. Keys come in sorted order, in loops and in print.</summary>
internal sealed class GoMap : GoValue
{
    private readonly SortedList<string, GoValue> _entries;

    /// <summary>Takes the entries; of equal keys the last one counts.</summary>
    /// <param name="typeName">The type in Go's notation.</param>
    /// <param name="entries">The entries in any order.</param>
    /// <param name="missing">What a key that is missing gives.</param>
    /// <param name="notation">How it prints.</param>
    public GoMap(
        string typeName, IEnumerable<KeyValuePair<string, GoValue>> entries, GoValue missing,
        GoNotation notation = GoNotation.Go)
    {
        var unique = new Dictionary<string, GoValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            unique[key] = value;
        }

        _entries = new SortedList<string, GoValue>(unique, StringComparer.Ordinal);
        (TypeName, Missing, Notation) = (typeName, missing, notation);
    }

    public IReadOnlyDictionary<string, GoValue> Entries => _entries;

    public GoValue Missing { get; }

    public GoNotation Notation { get; }

    public override string TypeName { get; }

    public override bool IsTrue => _entries.Count > 0;

    public GoValue Get(string key) => _entries.TryGetValue(key, out var value) ? value : Missing;
}
