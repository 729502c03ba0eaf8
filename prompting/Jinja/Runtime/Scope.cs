using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>
/// The names assigned in one loop, macro or block. There are few, so a linear search beats a hash table. Names are the
/// numbers that the parser gave them.
/// </summary>
internal sealed class Scope(Scope? parent)
{
    private int[] _names = new int[4];
    private JinjaValue[] _values = new JinjaValue[4];
    private int _count;

    /// <summary>The enclosing scope; null when that is the top level.</summary>
    public Scope? Parent => parent;

    public bool TryGet(int name, out JinjaValue value)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_names[i] == name)
            {
                value = _values[i];
                return true;
            }
        }

        value = default;
        return false;
    }

    public void Set(int name, JinjaValue value)
    {
        var index = Array.IndexOf(_names, name, 0, _count);
        if (index >= 0)
        {
            _values[index] = value;
            return;
        }

        if (_count == _names.Length)
        {
            Array.Resize(ref _names, _count * 2);
            Array.Resize(ref _values, _count * 2);
        }

        _names[_count] = name;
        _values[_count++] = value;
    }

    /// <summary>Forgets all names, for the next round of a loop.</summary>
    public void Clear() => _count = 0;
}
