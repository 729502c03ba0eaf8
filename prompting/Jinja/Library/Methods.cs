using System.Diagnostics.CodeAnalysis;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>All methods by the kind of value and name.</summary>
internal static class Methods
{
    public static bool TryFind(JinjaKind kind, string name, [NotNullWhen(true)] out Builtin? method)
    {
        var methods = kind switch
        {
            JinjaKind.String => StringMethods.All,
            JinjaKind.Dict => DictMethods.All,
            JinjaKind.List => ListMethods.All,
            JinjaKind.Tuple => ListMethods.OfTuples,
            _ => null,
        };
        method = methods?.GetValueOrDefault(name);
        return method is not null;
    }
}
