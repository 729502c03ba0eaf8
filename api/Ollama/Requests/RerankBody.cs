using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/rerank</c> and <c>/v1/rerank</c>, as Jina's and Cohere's clients send it.</summary>
internal sealed class RerankBody
{
    private int? _count;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>What is sought.</summary>
    public string Query { get; private set; } = "";

    /// <summary>What may answer it.</summary>
    public IReadOnlyList<string> Documents { get; private set; } = [];

    /// <summary>Results to return: the best so many, at most all.</summary>
    public int ResultCount => Math.Min(_count ?? Documents.Count, Documents.Count);

    /// <summary>Returns the documents along with their scores.</summary>
    public bool DocumentsReturned { get; private set; }

    /// <summary>Cuts documents that are too long.</summary>
    public bool Truncate { get; private set; } = true;

    /// <summary>Returns the model's numbers as they are.</summary>
    public bool RawScores { get; private set; }

    /// <summary>How long the model stays loaded; null takes the server's default.</summary>
    public TimeSpan? KeepAlive { get; private set; }

    /// <summary>Options by wire name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; private set; } = GenerationRequest.NoOptions;

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong or missing.</exception>
    public static RerankBody Read(JsonElement root)
    {
        var body = new RerankBody();
        var source = GoObject.Root(root, "RerankRequest");
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
        body.Validate();
        return body;
    }

    /// <summary>The request for the models.</summary>
    /// <param name="model">The model without its source suffix.</param>
    public RerankRequest ToRequest(string model) => new()
    {
        Model = model,
        Query = Query,
        Documents = Documents,
        Truncate = Truncate,
        RawScores = RawScores,
        Options = Options,
        KeepAlive = KeepAlive,
    };

    private void Validate()
    {
        if (Query.Length == 0)
        {
            throw GoJsonErrors.Refuse("query must not be empty");
        }

        if (Documents.Count == 0)
        {
            throw GoJsonErrors.Refuse("documents must not be empty");
        }

        if (Documents.Count > RerankRequest.DocumentCountMax)
        {
            throw GoJsonErrors.Refuse(
                $"{Documents.Count} documents are too many: at most {RerankRequest.DocumentCountMax}");
        }

        if (_count < 1)
        {
            throw GoJsonErrors.Refuse("top_n must be above zero");
        }
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "model":
                Model = field.AsString() ?? Model;
                break;
            case "query":
                Query = TextOf(field.Value) ?? field.AsString() ?? Query;
                break;
            case "documents":
                Documents = ReadDocuments(field) ?? Documents;
                break;
            case "top_n":
                _count = field.AsInt() ?? _count;
                break;
            case "return_documents":
                DocumentsReturned = field.AsBool() ?? DocumentsReturned;
                break;
            case "truncate":
                Truncate = field.AsBool() ?? true;
                break;
            case "raw_scores":
                RawScores = field.AsBool() ?? RawScores;
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

    private static string[]? ReadDocuments(GoField field)
    {
        if (field.Elements("[]string") is not { } elements)
        {
            return null;
        }

        var documents = new string[elements.Count];
        for (var index = 0; index < documents.Length; index++)
        {
            documents[index] = TextOf(elements[index]) ?? throw GoJsonErrors.Refuse(
                $"document {index} is neither a text nor an object with a text");
        }

        return documents;
    }

    /// <summary>A text, or the text of an object; null for anything else.</summary>
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("text", out var text)
            && text.ValueKind == JsonValueKind.String => text.GetString(),
        _ => null,
    };
}
