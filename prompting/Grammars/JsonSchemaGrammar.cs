using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// Turns a JSON schema into a grammar for the documents that satisfy it. Pure. What cannot be expressed is refused;
/// nothing is left out. Within the schema's freedom it writes the plainest form: properties in the order in which the
/// schema names them, no properties that it does not mention (unless it says <c>additionalProperties</c>), tuples
/// whole, little white space. Annotations, unknown keywords and unknown formats change nothing, as JSON Schema has it.
/// </summary>
public static class JsonSchemaGrammar
{
    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema: an object, or true or false.</param>
    /// <param name="limits">Bounds on the effort.</param>
    /// <exception cref="GrammarException">The schema is none, cannot be honoured or exceeds a bound.</exception>
    public static Grammar Compile(JsonElement schema, GrammarLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (JsonMarshal.GetRawUtf8Value(schema).Length > limits.SchemaLengthMax)
        {
            throw new GrammarException("#", $"the schema is longer than {limits.SchemaLengthMax} bytes");
        }

        var rules = new GbnfRules(limits);
        var compiler = new SchemaCompiler(new SchemaReader(schema, limits), rules, limits);
        return rules.Complete(compiler.CompileRoot());
    }
}
