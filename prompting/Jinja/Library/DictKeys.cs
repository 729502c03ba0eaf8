using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Checks what may be a dictionary's key.</summary>
internal static class DictKeys
{
    // Hashing and comparing keys recurses without a guard of its own.
    private const int TupleDepthMax = 16;

    /// <summary>Fails when the value cannot be a key.</summary>
    public static void Require(RenderState state, JinjaValue key)
    {
        if (!CanBeKey(state, key, TupleDepthMax))
        {
            throw state.Fail($"a {key.TypeName} cannot be a key of a dictionary");
        }
    }

    public static bool CanBeKey(RenderState state, JinjaValue key, int depth = TupleDepthMax)
    {
        state.Step();
        if (key.IsString)
        {
            state.ChargeScan(key.AsString.Length);
            return true;
        }

        if (key.Kind != JinjaKind.Tuple)
        {
            return key.Kind is not (JinjaKind.List or JinjaKind.Dict);
        }

        return depth > 0 && Array.TrueForAll(key.AsTuple, item => CanBeKey(state, item, depth - 1));
    }
}
