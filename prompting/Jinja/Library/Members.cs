using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Reads members and items. What is missing is undefined; only reading from undefined itself fails.</summary>
internal static class Members
{
    public static bool TryGet(RenderState state, JinjaValue value, string name, out JinjaValue member)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                throw state.Fail($"{PythonText.Missing(value)}, so it has no member '{name}'");
            case JinjaKind.Dict:
                return value.AsDict.TryGet(name, out member);
            case JinjaKind.Object:
                return value.AsObject.TryGetMember(name, out member);
            default:
                var found = Methods.TryFind(value.Kind, name, out var method);
                member = found ? JinjaValue.FromObject(new FunctionObject(name, method!, value)) : default;
                return found;
        }
    }

    public static JinjaValue Item(RenderState state, JinjaValue value, JinjaValue key)
    {
        if (value.IsUndefined)
        {
            throw state.Fail($"{PythonText.Missing(value)}, so it has no items");
        }

        if (value.Kind == JinjaKind.Dict)
        {
            return DictKeys.CanBeKey(state, key) && value.AsDict.TryGet(key, out var entry)
                ? entry
                : Missing(state, key);
        }

        if (key.TryGetInteger(out var index) && (value.IsSequence || value.IsString))
        {
            return Slices.TryGetItem(state, value, index, out var item) ? item : Missing(state, key);
        }

        return key.IsString && TryGet(state, value, key.AsString, out var member) ? member : Missing(state, key);
    }

    /// <summary>Follows a path such as <c>function.name</c>, which filters take for an attribute.</summary>
    public static JinjaValue Path(RenderState state, JinjaValue value, JinjaValue path)
    {
        if (!path.IsString)
        {
            return Item(state, value, path);
        }

        foreach (var part in path.AsString.Split('.'))
        {
            state.Step();
            value = long.TryParse(part, out var index)
                ? Item(state, value, JinjaValue.From(index))
                : Item(state, value, JinjaValue.From(part));
        }

        return value;
    }

    public static IJinjaCallable AsCallable(RenderState state, JinjaValue value)
    {
        if (value.Kind == JinjaKind.Object && value.AsObject is IJinjaCallable callable)
        {
            return callable;
        }

        throw state.Fail(value.IsUndefined
            ? $"{PythonText.Missing(value)}, so it cannot be called"
            : $"a {value.TypeName} cannot be called");
    }

    private static JinjaValue Missing(RenderState state, JinjaValue key) => key.Kind switch
    {
        JinjaKind.String => JinjaValue.Undefined(key.AsString),
        JinjaKind.Integer => JinjaValue.Undefined($"[{PythonText.Str(state, key)}]"),
        _ => JinjaValue.Undefined(string.Empty),
    };
}
