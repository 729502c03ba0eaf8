using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>One prompt or input of a client: a text, or the tokens of one.</summary>
/// <param name="Text">The text; empty where there are tokens.</param>
/// <param name="Tokens">The tokens; null for a text.</param>
internal sealed record TextOrTokens(string Text, IReadOnlyList<int>? Tokens)
{
    /// <summary>Reads a text, texts, tokens or arrays of tokens.</summary>
    /// <returns>None for an empty array; null for what is none of these, or a mixture.</returns>
    /// <exception cref="Contracts.Errors.ModelException">A number is no token of any model.</exception>
    public static IReadOnlyList<TextOrTokens>? Read(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return [new TextOrTokens(value.GetString()!, null)];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var elements = value.EnumerateArray().ToArray();
        if (elements.Length == 0)
        {
            return [];
        }

        return elements[0].ValueKind switch
        {
            JsonValueKind.String when Array.TrueForAll(elements, IsText) =>
                [.. elements.Select(text => new TextOrTokens(text.GetString()!, null))],
            JsonValueKind.Number when ReadTokens(elements) is { } tokens => [new TextOrTokens("", tokens)],
            JsonValueKind.Array => ReadArrays(elements),
            _ => null,
        };
    }

    private static bool IsText(JsonElement element) => element.ValueKind == JsonValueKind.String;

    private static TextOrTokens[]? ReadArrays(JsonElement[] arrays)
    {
        var read = new TextOrTokens[arrays.Length];
        for (var index = 0; index < arrays.Length; index++)
        {
            if (arrays[index].ValueKind != JsonValueKind.Array
                || ReadTokens([.. arrays[index].EnumerateArray()]) is not { } tokens)
            {
                return null;
            }

            read[index] = new TextOrTokens("", tokens);
        }

        return read;
    }

    private static int[]? ReadTokens(JsonElement[] elements)
    {
        var tokens = new int[elements.Length];
        for (var index = 0; index < tokens.Length; index++)
        {
            if (elements[index].ValueKind != JsonValueKind.Number)
            {
                return null;
            }

            if (!elements[index].TryGetInt32(out tokens[index]))
            {
                throw GoJsonErrors.Refuse($"{elements[index].GetRawText()} is no token");
            }
        }

        return tokens;
    }
}
