using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>The body of <c>/v1/completions</c>.</summary>
internal sealed class CompletionBody
{
    private int _bestOf = 1;

    /// <summary>What it shares with <c>/v1/chat/completions</c>.</summary>
    public SharedFields Shared { get; } = new();

    /// <summary>The prompt; empty only loads the model.</summary>
    public string Prompt { get; private set; } = "";

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
        if (body._bestOf > 1 && body._bestOf != body.Shared.ChoiceCount)
        {
            throw GoJsonErrors.Refuse("best_of must be 1 or n: every answer is sent");
        }

        return body;
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "prompt":
                Prompt = field.AsString() ?? Prompt;
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
