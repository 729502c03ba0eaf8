using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>The body of <c>/v1/embeddings</c>.</summary>
internal sealed class EmbeddingListBody
{
    private JsonElement _input;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Components to keep; zero and below keeps all.</summary>
    public int Dimensions { get; private set; }

    /// <summary>Sends vectors as base64.</summary>
    public bool IsBase64 { get; private set; }

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    public static EmbeddingListBody Read(JsonElement root)
    {
        var body = new EmbeddingListBody();
        var encoding = "";
        var source = GoObject.Root(root, "EmbedRequest");
        foreach (var field in source.Fields)
        {
            switch (field.Name)
            {
                case "model":
                    body.Model = field.AsString() ?? body.Model;
                    break;
                case "input":
                    body._input = field.Value;
                    break;
                case "dimensions":
                    body.Dimensions = field.AsInt() ?? body.Dimensions;
                    break;
                case "encoding_format":
                    encoding = field.AsString() ?? encoding;
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        body.IsBase64 = encoding.ToLowerInvariant() switch
        {
            "base64" => true,
            "" or "float" => false,
            _ => throw GoJsonErrors.Refuse(
                $"Invalid value for 'encoding_format' = {encoding}. Supported values: ['float', 'base64']."),
        };
        if (body._input.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
            || (body._input.ValueKind == JsonValueKind.Array && body._input.GetArrayLength() == 0))
        {
            throw GoJsonErrors.Refuse("invalid input");
        }

        return body;
    }

    /// <summary>The inputs; the empty text is one, too. Checked after the model's name.</summary>
    /// <exception cref="ModelException">The input is neither text nor tokens, nor an array of either.</exception>
    public IReadOnlyList<TextOrTokens> Inputs()
    {
        var inputs = TextOrTokens.Read(_input)
            ?? throw new ModelException(ModelErrorCode.RequestInvalid, Model, "invalid input type");
        return inputs.All(input => input.Tokens is not { Count: 0 })
            ? inputs
            : throw new ModelException(ModelErrorCode.RequestInvalid, Model, "invalid input");
    }
}
