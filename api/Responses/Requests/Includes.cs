using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>What a client may want to have included, in OpenAI's words.</summary>
internal static class Includes
{
    /// <summary>Log-probabilities of the answer's tokens.</summary>
    public const string LogProbs = "message.output_text.logprobs";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        LogProbs, "reasoning.encrypted_content", "message.input_image.image_url",
        "web_search_call.action.sources", "web_search_call.results", "file_search_call.results",
        "code_interpreter_call.outputs", "computer_call_output.output.image_url",
    ];

    /// <summary>Checks one of them.</summary>
    /// <exception cref="Contracts.Errors.ModelException">There is no such thing.</exception>
    public static void Check(string include)
    {
        if (!Known.Contains(include))
        {
            throw GoJsonErrors.Refuse($"invalid include value: {GoText.Quote(include)}");
        }
    }

    /// <summary>
    /// Checks those of a question about a kept response. They change nothing: what there is of them is a part of it.
    /// </summary>
    /// <exception cref="Contracts.Errors.ModelException">There is no such thing.</exception>
    public static void Check(IQueryCollection query)
    {
        // OpenAI's clients write lists with brackets.
        foreach (var include in query["include"].Concat(query["include[]"]))
        {
            Check(include ?? "");
        }
    }
}
