using System.Text;
using System.Text.Json;
using Ollama.Platform.Inference.Sampling.Grammars;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

/// <summary>Compiles schemas and reads documents by their grammars.</summary>
internal static class Schemas
{
    public static GrammarMatcher Compile(string schema) => Texts.Matcher(Text(schema));

    public static string Text(string schema) =>
        JsonSchemaGrammar.Compile(Parse(schema), GrammarLimits.Default).Text;

    public static JsonElement Parse(string schema) =>
        JsonDocument.Parse(schema.Replace('\'', '"'), new JsonDocumentOptions { MaxDepth = 100_000 }).RootElement;

    public static void Accepts(string schema, params ReadOnlySpan<string> documents)
    {
        var matcher = Compile(schema);
        foreach (var document in documents)
        {
            var text = document.Replace('\'', '"');
            Assert.True(Texts.Matches(matcher, Encoding.UTF8.GetBytes(text)), $"{schema} should accept {text}");
        }
    }

    public static void Rejects(string schema, params ReadOnlySpan<string> documents)
    {
        var matcher = Compile(schema);
        foreach (var document in documents)
        {
            var text = document.Replace('\'', '"');
            Assert.False(Texts.Matches(matcher, Encoding.UTF8.GetBytes(text)), $"{schema} should reject {text}");
        }
    }

    public static string Refuse(string schema) => Assert.Throws<GrammarException>(() => Text(schema)).Message;
}
