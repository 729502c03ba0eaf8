using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Hands out its items in turn.</summary>
internal sealed class Cycler(JinjaValue[] items) : IJinjaObject
{
    private int _index;

    public string TypeName => "Cycler";

    public string Display => "<Cycler>";

    public bool TryGetMember(string name, out JinjaValue value)
    {
        value = name switch
        {
            "current" => items[_index],
            "next" => JinjaValue.FromObject(new FunctionObject(name, (_, _, _) => Next(), default)),
            "reset" => JinjaValue.FromObject(new FunctionObject(name, (_, _, _) => Reset(), default)),
            _ => default,
        };
        return !value.IsUndefined;
    }

    private JinjaValue Next()
    {
        var item = items[_index];
        _index = (_index + 1) % items.Length;
        return item;
    }

    private JinjaValue Reset()
    {
        _index = 0;
        return JinjaValue.None;
    }
}
