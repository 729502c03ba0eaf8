using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>The evaluated arguments of a call, with typed access for built-ins.</summary>
internal readonly struct CallArguments(JinjaValue[] positional, NamedValue[] named)
{
    public static CallArguments None { get; } = new([], []);

    public JinjaValue[] Positional => positional ?? [];

    public NamedValue[] Named => named ?? [];

    public int Count => Positional.Length + Named.Length;

    /// <summary>The argument at a place or of a name; false when it was not passed.</summary>
    public bool TryGet(int index, string name, out JinjaValue value)
    {
        if (index >= 0 && index < Positional.Length)
        {
            value = Positional[index];
            return true;
        }

        return TryGetNamed(name, out value);
    }

    public bool TryGetNamed(string name, out JinjaValue value)
    {
        foreach (var argument in Named)
        {
            if (argument.Name == name)
            {
                value = argument.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public JinjaValue Get(int index, string name, JinjaValue otherwise) =>
        TryGet(index, name, out var value) ? value : otherwise;

    public JinjaValue Required(RenderState state, int index, string name) =>
        TryGet(index, name, out var value) ? value : throw state.Fail($"the argument '{name}' is missing");

    public bool Flag(int index, string name, bool otherwise = false) =>
        TryGet(index, name, out var value) ? value.IsTrue : otherwise;

    /// <summary>A text argument; null and absent give <paramref name="otherwise"/>.</summary>
    public string? Text(RenderState state, int index, string name, string? otherwise)
    {
        if (!TryGet(index, name, out var value) || value.Kind == JinjaKind.None)
        {
            return otherwise;
        }

        return value.IsString
            ? value.AsString
            : throw state.Fail($"the argument '{name}' must be a string, not {value.TypeName}");
    }

    public string RequiredText(RenderState state, int index, string name) =>
        Text(state, index, name, null) ?? throw state.Fail($"the argument '{name}' must be a string");

    /// <summary>An integer argument; null and absent give <paramref name="otherwise"/>.</summary>
    public long Integer(RenderState state, int index, string name, long otherwise)
    {
        if (!TryGet(index, name, out var value) || value.Kind == JinjaKind.None)
        {
            return otherwise;
        }

        return value.TryGetInteger(out var integer)
            ? integer
            : throw state.Fail($"the argument '{name}' must be an integer, not {PythonText.Repr(state, value)}");
    }

    /// <summary>The same arguments without the first positional ones, to hand on.</summary>
    public CallArguments Skip(int count) =>
        new(Positional.Length <= count ? [] : Positional[count..], Named);

    public CallArguments With(NamedValue extra) => new(Positional, [.. Named, extra]);
}
