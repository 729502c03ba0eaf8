using System.Text.Json;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/create</c>.</summary>
internal sealed class CreateBody
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>> _files =
        new(StringComparer.Ordinal);

    private IReadOnlyList<string> _licenses = [];
    private IReadOnlyDictionary<string, JsonElement> _parameters = GenerationRequest.NoOptions;
    private IReadOnlyDictionary<string, JsonElement>? _facts;
    private IReadOnlyList<ChatMessage> _messages = [];

    /// <summary>The model to make, under the current or the deprecated field name.</summary>
    public string Model => Text("model") is { Length: > 0 } model ? model : Text("name");

    /// <summary>The model to begin with.</summary>
    public string From => Text("from");

    /// <summary>The client wants to see each step.</summary>
    public bool Stream { get; private set; } = true;

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="ModelException">A field has the wrong type.</exception>
    public static CreateBody Read(JsonElement root)
    {
        var body = new CreateBody();
        var source = GoObject.Root(root, "CreateRequest");
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
        return body;
    }

    /// <summary>What is asked for, without what <see cref="Complete"/> adds.</summary>
    /// <exception cref="ModelException">The request contradicts itself or names what cannot be.</exception>
    public CreationRequest ToRequest()
    {
        if (!ModelName.TryParse(Model, out var name))
        {
            throw new ModelException(ModelErrorCode.NameInvalid, Model);
        }

        var files = Files("files");
        var adapters = Files("adapters");
        var drafts = Files("draft_files");
        if (Text("draft_quantize").Length > 0 && drafts is null && Text("modelfile").Length == 0)
        {
            throw GoJsonErrors.Refuse("--draft-quantize requires a DRAFT model");
        }

        return new CreationRequest
        {
            Name = name,
            Files = files,
            Adapters = adapters,
            DraftFiles = drafts ?? [],
            Template = Text("template"),
            System = Text("system"),
            Licenses = _licenses,
            Parameters = _parameters,
            Messages = _messages,
            Renderer = Text("renderer"),
            Parser = Text("parser"),
            Requires = Text("requires"),
            Quantize = Text("quantize") is { Length: > 0 } type ? type : Text("quantization"),
            DraftQuantize = Text("draft_quantize"),
            Modelfile = Text("modelfile"),
        };
    }

    /// <summary>Adds what is checked when the work begins: Ollama's answer has begun then.</summary>
    /// <exception cref="ModelException">The request names what cannot be.</exception>
    /// <exception cref="ApiException">It is about a model that another server would run.</exception>
    public CreationRequest Complete(CreationRequest request)
    {
        if (Text("remote_host").Length > 0)
        {
            throw new ApiException(ApiErrorCode.CloudDisabled);
        }

        return request with
        {
            From = string.IsNullOrWhiteSpace(From) ? null : ModelReference.Parse(From, RouteKind.Create).Name,
            Claims = _facts is null ? null : ClaimsReader.Read(_facts),
        };
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "model" or "name" or "from" or "remote_host" or "template" or "system" or "renderer" or "parser"
                or "requires" or "quantize" or "quantization" or "draft_quantize" or "modelfile":
                _texts[field.Name] = field.AsString() ?? Text(field.Name);
                break;
            case "files" or "adapters" or "draft_files":
                SetFiles(field);
                break;
            case "stream":
                Stream = field.AsBool() ?? Stream;
                break;
            case "license":
                // Any type is welcome; what is neither a text nor a list of texts says nothing.
                _licenses = field.Value.ValueKind switch
                {
                    JsonValueKind.String => [field.AsString()!],
                    JsonValueKind.Array => [.. field.Value.EnumerateArray()
                        .Where(element => element.ValueKind == JsonValueKind.String)
                        .Select(element => element.GetString()!)],
                    _ => _licenses,
                };
                break;
            case "parameters":
                _parameters = field.AsMap() ?? _parameters;
                break;
            case "messages":
                _messages = MessageReader.Read(field) ?? _messages;
                break;
            case "info":
                _facts = field.AsMap() ?? _facts;
                break;
            default:
                break;
        }
    }

    private void SetFiles(GoField field)
    {
        if (field.IsNull)
        {
            return;
        }

        if (field.Value.ValueKind != JsonValueKind.Object)
        {
            field.Owner.Errors.Add(field.Mismatch(field.Value, "map[string]string"));
            return;
        }

        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in field.Value.EnumerateObject())
        {
            if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                field.Owner.Errors.Add(field.Mismatch(property.Value, "string"));
                continue;
            }

            files[property.Name] = property.Value.GetString() ?? "";
        }

        _files[field.Name] = [.. files];
    }

    private CreationFile[]? Files(string field)
    {
        if (!_files.TryGetValue(field, out var entries))
        {
            return null;
        }

        return [.. entries.Select(entry =>
            IsInside(entry.Key)
                ? Digest.TryParse(entry.Value, out var digest)
                    ? new CreationFile(entry.Key, digest)
                    : throw GoJsonErrors.Refuse("invalid digest format")
                : throw GoJsonErrors.Refuse("file path must be relative"))];
    }

    private static bool IsInside(string path) =>
        !path.Contains('\0') && path.Split('/').All(part => part is not ("" or "." or ".."));

    private string Text(string field) => _texts.GetValueOrDefault(field, "");
}
