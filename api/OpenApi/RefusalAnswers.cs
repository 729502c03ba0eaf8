using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>
/// What routes refuse: for each status an answer with one example for each code, all from the one table of errors.
/// </summary>
internal sealed class RefusalAnswers(WireSchemas schemas)
{
    private const string ModelName = "tiny-chat";
    private const string ReferencePrefix = "#/components/responses/";

    private readonly SortedDictionary<string, JsonObject> _named = new(StringComparer.Ordinal);

    /// <summary>The answers referred to so far, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Named => _named;

    /// <summary>Adds references to a route's refusals to its answers.</summary>
    public void AddTo(JsonObject answers, DialectSpecification dialect, RouteDescription route)
    {
        foreach (var status in Collect(route).GroupBy(refusal => refusal.Reply.Status).OrderBy(group => group.Key))
        {
            var both = route.OtherErrors.Count > 0 ? "Both" : "";
            var name = $"{dialect.Name}{route.Kind}{route.Refusals}{both}{status.Key}";
            if (!_named.ContainsKey(name))
            {
                _named[name] = Describe(dialect, route.OtherErrors, status.Key, [.. status]);
            }

            answers[status.Key.ToString(CultureInfo.InvariantCulture)] =
                new JsonObject { ["$ref"] = ReferencePrefix + name };
        }
    }

    /// <summary>The codes that a request which goes so far can meet.</summary>
    public static IEnumerable<ModelErrorCode> CodesOf(RefusalScope scope) =>
        Enum.GetValues<ModelErrorCode>().Where(code => scope switch
        {
            RefusalScope.None => false,
            RefusalScope.Kept => code is ModelErrorCode.RequestInvalid or ModelErrorCode.Canceled
                or ModelErrorCode.QueueFull or ModelErrorCode.ShuttingDown,
            RefusalScope.Run => code != ModelErrorCode.TransferFailed,
            _ => IsOfLibrary(code) || (scope == RefusalScope.Transfer && IsOfTransfer(code)),
        });

    private static IEnumerable<(string Code, ErrorReply Reply)> Collect(RouteDescription route)
    {
        foreach (var code in CodesOf(route.Refusals))
        {
            var detail = code == ModelErrorCode.CapabilityMissing ? "tools" : null;
            yield return (
                code.ToString(),
                ErrorTable.Ollama(new Refusal(code, ModelName, detail), route.Kind, ModelName));
        }

        foreach (var code in Enum.GetValues<ApiErrorCode>().Where(code => IsMet(code, route.Refusals)))
        {
            yield return (code.ToString(), ErrorTable.Ollama(code));
        }
    }

    private JsonObject Describe(
        DialectSpecification dialect,
        IReadOnlyList<JsonTypeInfo> others,
        int status,
        IReadOnlyList<(string Code, ErrorReply Reply)> refusals)
    {
        var examples = new JsonObject();
        foreach (var (code, reply) in refusals)
        {
            examples[code] = new JsonObject { ["value"] = dialect.ToBody(reply) };
        }

        var phrase = ReasonPhrases.GetReasonPhrase(status);
        return new JsonObject
        {
            ["description"] = phrase.Length > 0 ? phrase : "Refused",
            ["content"] = new JsonObject
            {
                [MediaTypes.JsonBeforeStream] = new JsonObject
                {
                    ["schema"] = schemas.OfAny([dialect.Error, .. others]),
                    ["examples"] = examples,
                },
            },
        };
    }

    private static bool IsMet(ApiErrorCode code, RefusalScope scope) => scope switch
    {
        RefusalScope.None => false,
        RefusalScope.Kept => IsOfKept(code) || code is ApiErrorCode.BodyTooLarge or ApiErrorCode.BodyIncomplete
            or ApiErrorCode.RequestIdInvalid,
        _ => !IsOfKept(code),
    };

    private static bool IsOfKept(ApiErrorCode code) => code is ApiErrorCode.RequestNotFound
        or ApiErrorCode.ResponseNotFound or ApiErrorCode.FileTooLarge or ApiErrorCode.FileNotFound
        or ApiErrorCode.BatchNotFound or ApiErrorCode.PreviousResponseNotFound or ApiErrorCode.ItemNotFound;

    private static bool IsOfLibrary(ModelErrorCode code) => code is ModelErrorCode.NameInvalid
        or ModelErrorCode.ModelNotFound or ModelErrorCode.BlobMissing or ModelErrorCode.RequestInvalid
        or ModelErrorCode.ModelFileInvalid or ModelErrorCode.Unsupported or ModelErrorCode.Canceled
        or ModelErrorCode.ShuttingDown or ModelErrorCode.ModelRemote;

    private static bool IsOfTransfer(ModelErrorCode code) => code is ModelErrorCode.TransferFailed
        or ModelErrorCode.TemplateFailed or ModelErrorCode.FormatInvalid or ModelErrorCode.OptionInvalid;
}
