namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>
/// Numbers the names of a template, so that scopes compare integers, and counts their uses, so that a loop knows
/// whether its body reads <c>loop</c>.
/// </summary>
internal sealed class NameTable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<int> _useCounts = [];

    public IReadOnlyList<string> Names => _names;

    public int Number(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            number = _names.Count;
            _numbers.Add(name, number);
            _names.Add(name);
            _useCounts.Add(0);
        }

        return number;
    }

    public int Use(string name)
    {
        var number = Number(name);
        _useCounts[number]++;
        return number;
    }

    public int UseCount(string name) => _useCounts[Number(name)];
}
