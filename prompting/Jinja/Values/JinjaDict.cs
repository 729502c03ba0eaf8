namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>A dictionary that keeps the order in which keys were first set.</summary>
internal sealed class JinjaDict
{
    private readonly OrderedDictionary<JinjaValue, JinjaValue> _entries = new(JinjaKeyComparer.Instance);

    public int Count => _entries.Count;

    public IEnumerable<JinjaValue> Keys => _entries.Keys;

    public IEnumerable<JinjaValue> Values => _entries.Values;

    public IEnumerable<KeyValuePair<JinjaValue, JinjaValue>> Entries => _entries;

    public KeyValuePair<JinjaValue, JinjaValue> EntryAt(int index) => _entries.GetAt(index);

    public bool TryGet(string key, out JinjaValue value) => _entries.TryGetValue(JinjaValue.From(key), out value);

    /// <summary>Looks a key up. The caller has made sure that it can be a key.</summary>
    public bool TryGet(JinjaValue key, out JinjaValue value) => _entries.TryGetValue(key, out value);

    public void Set(string key, JinjaValue value) => _entries[JinjaValue.From(key)] = value;

    /// <summary>Sets an entry. The caller has made sure that the key can be one.</summary>
    public void Set(JinjaValue key, JinjaValue value) => _entries[key] = value;

    public bool Remove(JinjaValue key) => _entries.Remove(key);

    public void Clear() => _entries.Clear();
}
