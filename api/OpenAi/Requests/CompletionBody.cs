using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>The body of <c>/v1/completions</c>.</summary>
internal sealed class CompletionBody
{
    // Of one request, so that it holds back no more than a fraction of the queue.
    private const int AnswerCountMax = 256;

    private int _bestOf = 1;

    /// <summary>What it shares with <c>/v1/chat/completions</c>.</summary>
    public SharedFields Shared { get; } = new();

    /// <summary>The prompts, at least one; each gets as many answers as are asked for.</summary>
    public IReadOnlyList<TextOrTokens> Prompts { get; private set; } = [new TextOrTokens("", null)];

    /// <summary>There is one prompt, which is the empty text: the model is only loaded.</summary>
    public bool LoadsOnly => Prompts is [{ Text: "", Tokens: null }];

    /// <summary>Text after the gap to fill.</summary>
    public string Suffix { get; private set; } = "";

    /// <summary>Puts the prompt in front of the answer.</summary>
    public bool Echo { get; private set; }

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static CompletionBody Read(JsonElement root)
    {
        var body = new CompletionBody();
        var source = GoObject.Root(root, "CompletionRequest");
        GoField? stop = null;
        foreach (var field in source.Fields)
        {
            if (field.Name == "stop")
            {
                stop = field;
            }
            else
            {
                body.Set(field);
            }
        }

        source.Errors.ThrowIfAny();
        if (stop is { } given && StopReader.ReadStrict(given) is { } stops)
        {
            body.Shared.SetStops(stops);
        }

        body.Shared.IgnoreZeroTopP();
        body.Shared.Validate();
        body.CheckPrompts();
        if (body._bestOf > 1 && body._bestOf != body.Shared.ChoiceCount)
        {
            throw GoJsonErrors.Refuse("best_of must be 1 or n: every answer is sent");
        }

        return body;
    }

    private void CheckPrompts()
    {
        if (Prompts.Count == 0 || Prompts.Any(prompt => prompt.Tokens is { Count: 0 }))
        {
            throw GoJsonErrors.Refuse("invalid prompt: an array is empty");
        }

        if (Suffix.Length > 0 && Prompts.Any(prompt => prompt.Tokens is not null))
        {
            throw GoJsonErrors.Refuse("suffix needs a prompt of text, not of tokens");
        }

        if (Prompts.Count * Shared.ChoiceCount > AnswerCountMax)
        {
            throw GoJsonErrors.Refuse($"{Prompts.Count} prompts are too many: at most {AnswerCountMax} answers");
        }
    }

    private static IReadOnlyList<TextOrTokens>? ReadPrompts(GoField field)
    {
        if (field.Value.ValueKind == JsonValueKind.Array)
        {
            return TextOrTokens.Read(field.Value) ?? throw GoJsonErrors.Refuse(
                "invalid prompt: an array holds texts, tokens, or arrays of tokens");
        }

        return field.AsString() is { } text ? [new TextOrTokens(text, null)] : null;
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "prompt":
                Prompts = ReadPrompts(field) ?? Prompts;
                break;
            case "suffix":
                Suffix = field.AsString() ?? Suffix;
                break;
            case "echo":
                Echo = field.AsBool() ?? Echo;
                break;
            case "best_of":
                _bestOf = field.AsInt() ?? _bestOf;
                break;
            case "logprobs" when field.AsInt() is { } count:
                Shared.LogProbs = count > 0;
                Shared.TopLogProbCount = count;
                break;
            default:
                Shared.Set(field);
                break;
        }
    }
}
