using Ollama.Platform.Prompting.Go.Library;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Runtime;

/// <summary>Finds fields, map entries and the few methods that values have.</summary>
internal static class FieldAccess
{
    public static GoValue Get(GoRenderState state, GoValue receiver, string name, bool hasArguments)
    {
        state.Step();
        if (receiver is GoNil)
        {
            return receiver;
        }

        if (TryCallMethod(state, receiver, name) is { } result)
        {
            return hasArguments ? throw state.Fail($"wrong number of args for {name}: want 0 got 1") : result;
        }

        if (receiver is GoMap map)
        {
            return hasArguments ? throw state.Fail($"{name} is not a method but has arguments") : map.Get(name);
        }

        if ((receiver as GoRecord)?.Find(name) is not { } value)
        {
            throw state.Fail($"can't evaluate field {name} in type {receiver.TypeName}");
        }

        return hasArguments
            ? throw state.Fail($"{name} has arguments but cannot be invoked as function")
            : value;
    }

    private static GoString? TryCallMethod(GoRenderState state, GoValue receiver, string name)
    {
        switch (receiver, name)
        {
            case (GoRecord record, "ToTypeScriptType") when TypeScriptTypes.Find(record) is { } type:
                return new GoString(type);
            case (GoList { Notation: not GoNotation.Go }, "String"):
            case (GoMap { Notation: GoNotation.Json }, "String"):
            case (GoRecord { Type.Notation: GoNotation.Json }, "String"):
                return new GoString(GoPrinter.Print(state, receiver));
            default:
                return null;
        }
    }
}
