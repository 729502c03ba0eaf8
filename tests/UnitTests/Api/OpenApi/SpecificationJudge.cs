using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Ollama.Platform.UnitTests.Api.OpenApi;

/// <summary>
/// Judges requests and answers by the server's own specification. What the server writes must be described to the last
/// field; what it reads may hold more.
/// </summary>
internal sealed partial class SpecificationJudge
{
    private const string Components = "#/components/schemas/";
    private const string Definitions = "#/$defs/";
    private const string OwnWord = ",\"x-ignored-when-mistyped\":true";

    private readonly JsonObject _definitions;
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>A judge by this document.</summary>
    public SpecificationJudge(string json)
    {
        Document = JsonNode.Parse(json)!.AsObject();
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in Operations())
        {
            Reach(operation.Value["requestBody"], read);
        }

        _definitions = Schemas.DeepClone().AsObject();
        foreach (var (name, schema) in _definitions)
        {
            if (!read.Contains(name) && schema!["properties"] is not null)
            {
                schema["additionalProperties"] = false;
            }
        }
    }

    /// <summary>The document.</summary>
    public JsonObject Document { get; }

    /// <summary>The schemas that have names.</summary>
    public JsonObject Schemas => Document["components"]!["schemas"]!.AsObject();

    /// <summary>All operations with method and path in front.</summary>
    public IEnumerable<KeyValuePair<string, JsonObject>> Operations() =>
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select KeyValuePair.Create(
            $"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject());

    /// <summary>The operation that answers a request; null when none is described.</summary>
    public JsonObject? Find(string method, string path)
    {
        var bare = path.Split('?')[0];
        var found = Operations()
            .Where(operation => Matches(operation.Key, method, bare))
            .OrderBy(operation => operation.Key.Count(character => character == '{'))
            .ThenByDescending(operation => operation.Key.Length)
            .FirstOrDefault();
        return found.Value;
    }

    /// <summary>What is wrong with a body of a request; null for nothing.</summary>
    public string? JudgeRequest(JsonObject operation, JsonNode? body) =>
        Judge(operation["requestBody"]!["content"]!["application/json"]!["schema"]!, body?.ToJsonString() ?? "null");

    /// <summary>What is wrong with an answer; null for nothing.</summary>
    public string? JudgeAnswer(JsonObject operation, int status, string? contentType, string body)
    {
        var answers = operation["responses"]!.AsObject();
        if (answers[status.ToString(CultureInfo.InvariantCulture)] is not { } answer)
        {
            return $"status {status} is not described";
        }

        var contents = Resolve(answer)["content"];
        if (body.Length == 0)
        {
            return null;
        }

        var mediaType = contentType?.Split(';')[0] ?? "";
        return contents?[mediaType]?["schema"] is { } schema
            ? Values(mediaType, body).Select(value => Judge(schema, value)).FirstOrDefault(error => error is not null)
            : $"{status} with {mediaType} is not described";
    }

    /// <summary>What is wrong with a value; null for nothing.</summary>
    public string? Judge(JsonNode schema, string json)
    {
        var key = schema.ToJsonString();
        if (!_schemas.TryGetValue(key, out var compiled))
        {
            var whole = schema.DeepClone().AsObject();
            whole["$defs"] = _definitions.DeepClone();

            // The library knows neither the document's folders nor words of our own.
            compiled = _schemas[key] = JsonSchema.FromText(whole.ToJsonString()
                .Replace(Components, Definitions, StringComparison.Ordinal)
                .Replace(OwnWord, "", StringComparison.Ordinal));
        }

        using var value = JsonDocument.Parse(json);
        return compiled.Evaluate(value.RootElement).IsValid ? null : $"{json} does not fit {key}";
    }

    /// <summary>What a reference refers to, or the thing itself.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        if ((string?)node["$ref"] is not { } reference)
        {
            return node.AsObject();
        }

        return reference[2..].Split('/').Aggregate((JsonNode)Document, (inner, name) => inner[name]!).AsObject();
    }

    private void Reach(JsonNode? node, HashSet<string> names)
    {
        foreach (Match match in Reference().Matches(node?.ToJsonString() ?? ""))
        {
            if (names.Add(match.Groups[1].Value))
            {
                Reach(Schemas[match.Groups[1].Value], names);
            }
        }
    }

    private static IEnumerable<string> Values(string mediaType, string body) => mediaType switch
    {
        "application/json" => [body],
        "application/x-ndjson" => body.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        "text/event-stream" => body.Split('\n')
            .Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => line[6..]).Where(data => data != "[DONE]"),
        _ => [],
    };

    private static bool Matches(string operation, string method, string path) => Regex.IsMatch(
        $"{method} {path}",
        "^" + Variable().Replace(Regex.Escape(operation), ".+") + "$");

    [GeneratedRegex("\"\\$ref\":\"#/components/schemas/(\\w+)\"")]
    private static partial Regex Reference();

    // As Regex.Escape leaves it: the closing brace is no special character.
    [GeneratedRegex(@"\\\{\w+\}")]
    private static partial Regex Variable();
}
