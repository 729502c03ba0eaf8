using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Grammars;

namespace Ollama.Platform.Silo.Models;

/// <summary>Turns the format that a request asks for into a grammar. Pure.</summary>
internal static class FormatGrammar
{
    /// <summary>The grammar; null when the request leaves the completion free.</summary>
    /// <exception cref="ModelException">The schema cannot be honoured.</exception>
    public static Grammar? Compile(GenerationRequest request)
    {
        if (request.Format is not { } format)
        {
            return null;
        }

        if (format is not { Kind: OutputFormatKind.JsonSchema, Schema: { } schema })
        {
            return Grammar.AnyJson;
        }

        try
        {
            return JsonSchemaGrammar.Compile(schema, GrammarLimits.Default);
        }
        catch (GrammarException exception)
        {
            throw new ModelException(
                new Refusal(ModelErrorCode.RequestInvalid, request.Model, $"invalid format: {exception.Message}"),
                exception);
        }
    }
}
