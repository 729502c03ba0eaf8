using System.Collections.Frozen;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>The methods of dictionaries.</summary>
internal static class DictMethods
{
    public static FrozenDictionary<string, Builtin> All { get; } = new Dictionary<string, Builtin>
    {
        ["get"] = Get,
        ["items"] = (state, self, _) => SequenceFilters.Items(state, self),
        ["keys"] = (state, self, _) => JinjaValue.From(Sequences.Copy(state, self)),
        ["values"] = Values,
        ["copy"] = Copy,
        ["update"] = Update,
        ["pop"] = Pop,
        ["setdefault"] = SetDefault,
        ["clear"] = Clear,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static JinjaValue Get(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var key = arguments.Required(state, 0, "key");
        DictKeys.Require(state, key);
        return self.AsDict.TryGet(key, out var value) ? value : arguments.Get(1, "default", JinjaValue.None);
    }

    private static JinjaValue Values(RenderState state, JinjaValue self, CallArguments arguments)
    {
        state.Charge(self.AsDict.Count);
        return JinjaValue.From([.. self.AsDict.Values]);
    }

    private static JinjaValue Copy(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var copy = JinjaValue.From(new JinjaDict());
        Update(state, copy, new CallArguments([self], []));
        return copy;
    }

    private static JinjaValue Update(RenderState state, JinjaValue self, CallArguments arguments)
    {
        if (arguments.Positional is [var other, ..])
        {
            AddAll(state, self.AsDict, other);
        }

        foreach (var (name, value) in arguments.Named)
        {
            self.AsDict.Set(name, value);
        }

        return JinjaValue.None;
    }

    /// <summary>Adds the entries of a dictionary, or of a sequence of pairs.</summary>
    public static void AddAll(RenderState state, JinjaDict target, JinjaValue source)
    {
        var pairs = source.Kind == JinjaKind.Dict ? SequenceFilters.Items(state, source) : source;
        foreach (var pair in Sequences.Copy(state, pairs))
        {
            var items = Sequences.ItemsOf(state, pair);
            if (items.Count != 2)
            {
                throw state.Fail("a dictionary is made of pairs");
            }

            DictKeys.Require(state, items[0]);
            target.Set(items[0], items[1]);
        }
    }

    private static JinjaValue Pop(RenderState state, JinjaValue self, CallArguments arguments)
    {
        // Removing from the middle moves the entries behind it.
        state.Charge(self.AsDict.Count >> 4);
        var key = arguments.Required(state, 0, "key");
        DictKeys.Require(state, key);
        if (self.AsDict.TryGet(key, out var value))
        {
            self.AsDict.Remove(key);
            return value;
        }

        return arguments.TryGet(1, "default", out var otherwise)
            ? otherwise
            : throw state.Fail($"the dictionary has no key {PythonText.Repr(state, key)}");
    }

    private static JinjaValue SetDefault(RenderState state, JinjaValue self, CallArguments arguments)
    {
        var key = arguments.Required(state, 0, "key");
        DictKeys.Require(state, key);
        if (!self.AsDict.TryGet(key, out var value))
        {
            value = arguments.Get(1, "default", JinjaValue.None);
            self.AsDict.Set(key, value);
        }

        return value;
    }

    private static JinjaValue Clear(RenderState state, JinjaValue self, CallArguments arguments)
    {
        self.AsDict.Clear();
        return JinjaValue.None;
    }
}
