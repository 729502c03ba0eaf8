using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>
/// Puts the specification together: of the routes that are mapped, what their dialects say of them. Answers come from
/// the metadata of the wire records, refusals from the table of errors.
/// </summary>
internal sealed partial class SpecificationBuilder
{
    private readonly IReadOnlyList<DialectSpecification> _dialects;
    private readonly WireSchemas _schemas = new(DocumentationComments.Load());
    private readonly RefusalAnswers _refusals;

    /// <summary>A builder for one document.</summary>
    public SpecificationBuilder(IReadOnlyList<DialectSpecification> dialects)
    {
        _dialects = dialects;
        _refusals = new RefusalAnswers(_schemas);
    }

    /// <summary>The document.</summary>
    /// <param name="endpoints">What is mapped.</param>
    /// <param name="version">The server's version.</param>
    public JsonObject Build(IEnumerable<Endpoint> endpoints, string version)
    {
        var mapped = endpoints.SelectMany(RoutesOf).ToHashSet(StringComparer.Ordinal);
        var paths = new JsonObject();
        var spoken = _dialects.Where(dialect => dialect.Routes.Any(route => mapped.Contains(route.Route))).ToList();
        foreach (var dialect in spoken)
        {
            foreach (var route in dialect.Routes.Where(route => mapped.Contains(route.Route)))
            {
                var (method, path) = Split(route.Route);
                if (paths[path] is not JsonObject operations)
                {
                    paths[path] = operations = new JsonObject();
                }

                operations[method.ToLowerInvariant()] = Describe(dialect, route);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.2",
            ["info"] = new JsonObject
            {
                ["title"] = "Ollama.Platform",
                ["version"] = version,
                ["description"] = "Models behind one address, in the dialects of Ollama, OpenAI and Anthropic. "
                    + "Fields that are not described are ignored; null counts as a field that was not sent.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. spoken.Select(dialect =>
                new JsonObject { ["name"] = dialect.Name, ["description"] = dialect.About })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = ToObject(
                    _schemas.Named.Concat(spoken.SelectMany(dialect => dialect.Schemas))),
                ["responses"] = ToObject(_refusals.Named),
            },
        };
    }

    /// <summary>Methods and paths of an endpoint, as descriptions name them.</summary>
    public static IEnumerable<string> RoutesOf(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } path }
        && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods
            ? methods.HttpMethods.Select(method => $"{method} {path}")
            : [];

    private static (string Method, string Path) Split(string route)
    {
        var blank = route.IndexOf(' ');
        return (route[..blank], CatchAll().Replace(route[(blank + 1)..], "{"));
    }

    private static JsonObject ToObject(IEnumerable<KeyValuePair<string, JsonObject>> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value.DeepClone())));

    private JsonObject Describe(DialectSpecification dialect, RouteDescription route)
    {
        var operation = new JsonObject
        {
            ["operationId"] = route.Id,
            ["tags"] = new JsonArray(dialect.Name),
            ["summary"] = route.Summary,
        };
        if (route.Remarks is not null)
        {
            operation["description"] = route.Remarks;
        }

        if (route.Parameters.Count > 0)
        {
            operation["parameters"] = new JsonArray([.. route.Parameters.Select(Describe)]);
        }

        if (route.Body is not null || route.RawBodyType is not null)
        {
            operation["requestBody"] = DescribeBody(route);
        }

        operation["responses"] = DescribeAnswers(dialect, route);
        return operation;
    }

    private static JsonObject Describe(RouteParameter parameter)
    {
        var described = new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.Place,
            ["required"] = parameter.Place == RouteParameter.PathPlace,
            ["description"] = parameter.About,
            ["schema"] = parameter.Schema.DeepClone(),
        };
        if (parameter.Example is not null)
        {
            described["example"] = parameter.Example;
        }

        return described;
    }

    private static JsonObject DescribeBody(RouteDescription route)
    {
        var content = new JsonObject();
        if (route.Body is not null)
        {
            content["schema"] = route.Body.DeepClone();
        }

        if (route.Examples.Count > 0)
        {
            content["examples"] = new JsonObject(route.Examples.Select(example => KeyValuePair.Create(
                example.Name, (JsonNode?)new JsonObject { ["value"] = JsonNode.Parse(example.Json) })));
        }

        return new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { [route.RawBodyType ?? MediaTypes.JsonBeforeStream] = content },
        };
    }

    private JsonObject DescribeAnswers(DialectSpecification dialect, RouteDescription route)
    {
        var answers = new JsonObject();
        foreach (var status in route.Answers.GroupBy(answer => answer.Status))
        {
            var about = string.Join(' ', status.Select(answer => answer.About));
            var described = new JsonObject { ["description"] = about };
            foreach (var answer in status.Where(answer => answer.MediaType is not null))
            {
                if (described["content"] is not JsonObject content)
                {
                    described["content"] = content = new JsonObject();
                }

                content[answer.MediaType!] = new JsonObject
                {
                    ["schema"] = answer.Types.Count == 0
                        ? new JsonObject { ["type"] = "string" }
                        : _schemas.OfAny(answer.Types),
                };
            }

            answers[status.Key.ToString(CultureInfo.InvariantCulture)] = described;
        }

        _refusals.AddTo(answers, dialect, route);
        return answers;
    }

    // {**id} takes slashes, too, which the format has no way to say.
    [GeneratedRegex(@"\{\*+")]
    private static partial Regex CatchAll();
}
