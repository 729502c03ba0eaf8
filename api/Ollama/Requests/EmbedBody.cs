using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/embed</c>, and of the older <c>/api/embeddings</c>.</summary>
internal sealed class EmbedBody
{
    private JsonElement? _input;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>The one text of the older route; empty only loads the model.</summary>
    public string Prompt { get; private set; } = "";

    /// <summary>Cuts inputs that are too long.</summary>
    public bool Truncate { get; private set; } = true;

    /// <summary>Components to keep; zero and below keeps all.</summary>
    public int Dimensions { get; private set; }

    /// <summary>How long the model stays loaded; null takes the server's default.</summary>
    public TimeSpan? KeepAlive { get; private set; }

    /// <summary>Options by wire name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; private set; } = GenerationRequest.NoOptions;

    /// <summary>Reads a parsed body of <c>/api/embed</c>.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    public static EmbedBody Read(JsonElement root) => Read(root, "EmbedRequest", (body, field) =>
    {
        switch (field.Name)
        {
            case "input":
                body._input = field.Value;
                break;
            case "truncate":
                body.Truncate = field.AsBool() ?? true;
                break;
            case "dimensions":
                body.Dimensions = field.AsInt() ?? body.Dimensions;
                break;
            default:
                body.SetCommon(field);
                break;
        }
    });

    /// <summary>Reads a parsed body of <c>/api/embeddings</c>.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    public static EmbedBody ReadLegacy(JsonElement root) => Read(root, "EmbeddingRequest", (body, field) =>
    {
        if (field.Name == "prompt")
        {
            body.Prompt = field.AsString() ?? body.Prompt;
        }
        else
        {
            body.SetCommon(field);
        }
    });

    /// <summary>The texts of <c>input</c>. Checked after the model's name.</summary>
    /// <exception cref="ModelException">The input is neither a string nor an array of strings.</exception>
    public IReadOnlyList<string> Inputs()
    {
        switch (_input?.ValueKind)
        {
            case null or JsonValueKind.Null:
                return [];
            case JsonValueKind.String:
                var text = _input.Value.GetString()!;
                return text.Length == 0 ? [] : [text];
            case JsonValueKind.Array
                when _input.Value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String):
                return [.. _input.Value.EnumerateArray().Select(element => element.GetString()!)];
            default:
                throw new ModelException(ModelErrorCode.RequestInvalid, Model, "invalid input type");
        }
    }

    private static EmbedBody Read(JsonElement root, string structName, Action<EmbedBody, GoField> set)
    {
        var body = new EmbedBody();
        var source = GoObject.Root(root, structName);
        foreach (var field in source.Fields)
        {
            set(body, field);
        }

        source.Errors.ThrowIfAny();
        return body;
    }

    private void SetCommon(GoField field)
    {
        switch (field.Name)
        {
            case "model":
                Model = field.AsString() ?? Model;
                break;
            case "keep_alive":
                KeepAlive = KeepAliveReader.Read(field);
                break;
            case "options":
                Options = field.AsMap() ?? GenerationRequest.NoOptions;
                break;
            default:
                break;
        }
    }
}
