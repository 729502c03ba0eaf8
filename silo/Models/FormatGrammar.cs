using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Sampling.Grammars;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Turns the call or the format that a request asks for into a grammar, or takes the grammar that it brings. Pure.
/// </summary>
internal static class FormatGrammar
{
    /// <summary>The option that holds a grammar.</summary>
    public const string OptionName = "grammar";

    /// <summary>GBNF; null when the completion is free.</summary>
    /// <param name="request">
    /// The request; what it asks for wins over a grammar of the model's. A format concerns text, of which an answer
    /// that has to be a call has none.
    /// </param>
    /// <param name="parameters">The model's parameters.</param>
    /// <exception cref="ModelException">A schema or the grammar cannot be honoured.</exception>
    public static string? Compile(
        GenerationRequest request, IReadOnlyDictionary<string, JsonElement> parameters) =>
        Compile(request, parameters, []);

    /// <summary>GBNF; null when the completion is free.</summary>
    /// <param name="request">As above.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="calls">Calls that the model may make instead of an answer: a format concerns the answer.</param>
    /// <exception cref="ModelException">A schema or the grammar cannot be honoured.</exception>
    public static string? Compile(
        GenerationRequest request, IReadOnlyDictionary<string, JsonElement> parameters,
        IReadOnlyList<CallMarks> calls)
    {
        var own = new OptionReader(request.Model, request.Options).Text(OptionName);
        if (request.ToolChoice is { Required: true } choice)
        {
            return string.IsNullOrEmpty(own)
                ? Compile(request, choice)
                : throw Invalid(request, "tool_choice and grammar cannot be used together");
        }

        if (request.Format is null)
        {
            return Check(request, own ?? new OptionReader(request.Model, parameters).Text(OptionName));
        }

        return string.IsNullOrEmpty(own)
            ? Compile(request, request.Format, calls)
            : throw Invalid(request, "format and grammar cannot be used together");
    }

    private static string Compile(GenerationRequest request, ToolChoice choice)
    {
        ToolDefinition[] tools =
            [.. request.Tools.Where(tool => choice.Name is null || tool.Name == choice.Name)];
        if (tools.Length == 0)
        {
            throw Invalid(
                request, choice.Name is null
                    ? "tool_choice: there are no tools to choose from"
                    : $"tool_choice: there is no tool \"{choice.Name}\"");
        }

        try
        {
            var text = ToolCallGrammar.Compile(tools, choice.ManyCalls, GrammarLimits.Default).Text;
            return GrammarSource.Explain(text) is null
                ? text
                : throw Invalid(request, "tool_choice: no arguments satisfy the schemas of the tools");
        }
        catch (GrammarException exception)
        {
            throw Invalid(request, $"tool_choice: {exception.Message}", exception);
        }
    }

    private static string Compile(GenerationRequest request, OutputFormat format, IReadOnlyList<CallMarks> calls)
    {
        string[] names = [.. request.Tools.Select(tool => tool.Name)];
        try
        {
            if (format is not { Kind: OutputFormatKind.JsonSchema, Schema: { } schema })
            {
                return Grammar.AnyJson.OrCall(calls, names).Text;
            }

            var grammar = JsonSchemaGrammar.Compile(schema, GrammarLimits.Default);
            // A value that would have to hold itself has no end.
            return GrammarSource.Explain(grammar.Text) is null
                ? grammar.OrCall(calls, names).Text
                : throw Invalid(request, "invalid format: #: no value satisfies the schema");
        }
        catch (GrammarException exception)
        {
            throw Invalid(request, $"invalid format: {exception.Message}", exception);
        }
    }

    // As llama-server has it, an empty grammar is none.
    private static string? Check(GenerationRequest request, string? grammar) =>
        string.IsNullOrEmpty(grammar) ? null
        : GrammarSource.Explain(grammar) is { } reason ? throw Invalid(request, $"invalid grammar: {reason}")
        : grammar;

    private static ModelException Invalid(GenerationRequest request, string detail, Exception? cause = null)
    {
        var refusal = new Refusal(ModelErrorCode.RequestInvalid, request.Model, detail);
        return cause is null ? new ModelException(refusal) : new ModelException(refusal, cause);
    }
}
