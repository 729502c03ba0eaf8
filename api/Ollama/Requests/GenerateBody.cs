using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/generate</c>. Empty texts stand for fields that were not sent.</summary>
internal sealed class GenerateBody
{
    /// <summary>What it shares with <c>/api/chat</c>.</summary>
    public GenerationSettings Settings { get; } = new();

    /// <summary>The prompt; empty loads or unloads the model.</summary>
    public string Prompt { get; private set; } = "";

    /// <summary>Text after the gap to fill.</summary>
    public string Suffix { get; private set; } = "";

    /// <summary>Overrides the model's system text.</summary>
    public string System { get; private set; } = "";

    /// <summary>Overrides the model's template.</summary>
    public string Template { get; private set; } = "";

    /// <summary>Passes the prompt as it is.</summary>
    public bool Raw { get; private set; }

    /// <summary>Tokens of an earlier exchange.</summary>
    public IReadOnlyList<int> Context { get; private set; } = [];

    /// <summary>Images for the prompt.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; private set; } = [];

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static GenerateBody Read(JsonElement root)
    {
        var body = new GenerateBody();
        var source = GoObject.Root(root, "GenerateRequest");
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
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
            case "system":
                System = field.AsString() ?? System;
                break;
            case "template":
                Template = field.AsString() ?? Template;
                break;
            case "raw":
                Raw = field.AsBool() ?? Raw;
                break;
            case "context":
                Context = field.AsInts() ?? [];
                break;
            case "images":
                Images = field.AsImages() ?? [];
                break;
            default:
                Settings.Set(field);
                break;
        }
    }
}
