using System.Globalization;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Anthropic;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c> for those who ask in this dialect.</summary>
internal sealed class ModelListRoute(ILibrary library)
{
    /// <summary>
    /// What Anthropic allows; as a default, since clients of a small library do not expect to turn pages.
    /// </summary>
    public const int PageLengthMax = 1000;

    /// <summary>The client says in which version of the dialect it speaks, as all of Anthropic's do.</summary>
    public static bool IsAsked(HttpContext context) => context.Request.Headers.ContainsKey("anthropic-version");

    /// <summary>Lists the models, a page of them.</summary>
    /// <exception cref="ModelException">The page is none.</exception>
    public async Task ListAsync(ApiRequest request)
    {
        var query = request.Context.Request.Query;
        var all = (await library.ListAsync(request.Aborted)).Select(model => ToWire(model.Name.DisplayName, model))
            .ToList();
        var (after, before) = (Position(all, query, "after_id"), Position(all, query, "before_id"));
        var length = PageLength(query["limit"]);
        var (first, last) = (after is { } given ? given + 1 : 0, before ?? all.Count);

        // A page before a model is the one that ends there.
        var (start, end) = before is null
            ? (first, Math.Min(first + length, last))
            : (Math.Max(last - length, first), last);
        var page = all[start..Math.Max(start, end)];
        var hasMore = before is null ? end < last : start > first;
        await AnthropicReply.WriteAsync(
            request,
            new ModelListWire(page, hasMore, page.FirstOrDefault()?.Id, page.LastOrDefault()?.Id),
            AnthropicJson.Default.ModelListWire);
    }

    /// <summary>Describes one model.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The model as the client wrote it.</param>
    /// <exception cref="ModelException">There is no such model.</exception>
    public async Task FindAsync(ApiRequest request, string id)
    {
        request.Model = id;
        var model = ModelReference.Parse(id, RouteKind.Show);
        var report = await library.ShowAsync(model.Name, new ReportRequest(), request.Aborted)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        await AnthropicReply.WriteAsync(request, ToWire(id, report.Summary), AnthropicJson.Default.ModelWire);
    }

    private static int? Position(List<ModelWire> models, IQueryCollection query, string name)
    {
        if (query[name].ToString() is not { Length: > 0 } id)
        {
            return null;
        }

        var index = models.FindIndex(model => string.Equals(model.Id, id, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index : throw GoJsonErrors.Refuse($"{name}: there is no model {GoText.Quote(id)}");
    }

    private static int PageLength(string? limit) =>
        string.IsNullOrEmpty(limit) ? PageLengthMax
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length is >= 1 and <= PageLengthMax ? length
        : throw GoJsonErrors.Refuse($"limit: must be a number from 1 to {PageLengthMax}");

    private static ModelWire ToWire(string id, ModelSummary model) => new(
        id, model.Name.DisplayName,
        model.ModifiedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        model.Details.ContextTokens);
}
