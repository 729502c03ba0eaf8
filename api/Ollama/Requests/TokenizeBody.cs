using System.Text;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The bodies of <c>/api/tokenize</c> and <c>/api/detokenize</c>.</summary>
internal sealed class TokenizeBody
{
    // Splitting so much takes seconds that nobody can break off; no context is as long.
    private const int ContentBytesMax = 16 * 1024 * 1024;
    private const int TokenCountMax = 1024 * 1024;
    private const string TextMedia = "text";

    private string? _content;
    private IReadOnlyList<int>? _tokens;
    private string _mediaType = TextMedia;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>The text to split.</summary>
    public string Content => _content ?? "";

    /// <summary>The tokens to join.</summary>
    public IReadOnlyList<int> Tokens => _tokens ?? [];

    /// <summary>Adds the tokens that the model wants around a prompt.</summary>
    public bool SpecialAdded { get; private set; }

    /// <summary>Reads the text of special tokens as these tokens.</summary>
    public bool SpecialParsed { get; private set; } = true;

    /// <summary>How long the model stays loaded; null takes the server's default.</summary>
    public TimeSpan? KeepAlive { get; private set; }

    /// <summary>Options by wire name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; private set; } = GenerationRequest.NoOptions;

    /// <summary>Reads a parsed body of <c>/api/tokenize</c>.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong or missing.</exception>
    public static TokenizeBody ReadText(JsonElement root)
    {
        var body = Read(root, "TokenizeRequest");
        if (body._content is null)
        {
            throw GoJsonErrors.Refuse("content is required");
        }

        return Encoding.UTF8.GetByteCount(body._content) <= ContentBytesMax
            ? body
            : throw GoJsonErrors.Refuse($"content is longer than {ContentBytesMax} bytes");
    }

    /// <summary>Reads a parsed body of <c>/api/detokenize</c>.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong or missing.</exception>
    public static TokenizeBody ReadTokens(JsonElement root)
    {
        var body = Read(root, "DetokenizeRequest");
        if (body._tokens is null)
        {
            throw GoJsonErrors.Refuse("tokens is required");
        }

        return body._tokens.Count <= TokenCountMax
            ? body
            : throw GoJsonErrors.Refuse($"{body._tokens.Count} tokens are too many: at most {TokenCountMax}");
    }

    private static TokenizeBody Read(JsonElement root, string structName)
    {
        var body = new TokenizeBody();
        var source = GoObject.Root(root, structName);
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
        return body._mediaType is TextMedia or ""
            ? body
            : throw GoJsonErrors.Refuse($"media_type {GoText.Quote(body._mediaType)} is not supported");
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "model":
                Model = field.AsString() ?? Model;
                break;
            // Other servers call it by the other names.
            case "content" or "text" or "prompt":
                _content = field.AsString() ?? _content;
                break;
            case "tokens":
                _tokens = field.AsInts() ?? _tokens;
                break;
            case "add_special" or "add_special_tokens":
                SpecialAdded = field.AsBool() ?? SpecialAdded;
                break;
            case "parse_special":
                SpecialParsed = field.AsBool() ?? SpecialParsed;
                break;
            case "media_type":
                _mediaType = field.AsString() ?? _mediaType;
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
