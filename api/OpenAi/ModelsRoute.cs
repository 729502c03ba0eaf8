using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.OpenAi;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal sealed class ModelsRoute(ILibrary library)
{
    /// <summary>The name of the path's parameter: all of the rest, since ids may hold slashes.</summary>
    public const string IdKey = "id";

    /// <summary>Lists the models.</summary>
    public async Task ListAsync(ApiRequest request)
    {
        var models = await library.ListAsync(request.Aborted);
        var items = models.Select(model => ToWire(model.Name.DisplayName, model)).ToArray();
        await OpenAiReplies.ReplyAsync(
            request, new ModelList { Data = WireMapping.OrNull(items) }, OpenAiJson.Default.ModelList);
    }

    /// <summary>Describes one model.</summary>
    public async Task FindAsync(ApiRequest request)
    {
        var id = IdOf(request);
        request.Model = id;
        var model = ModelReference.Parse(id, RouteKind.Show);
        var report = await library.ShowAsync(model.Name, new ReportRequest(), request.Aborted)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        await OpenAiReplies.ReplyAsync(request, ToWire(id, report.Summary), OpenAiJson.Default.ModelItem);
    }

    /// <summary>The id in the path. The server leaves an encoded slash as it is, and clients encode ids.</summary>
    public static string IdOf(ApiRequest request) =>
        (request.Context.Request.RouteValues[IdKey] as string ?? "")
            .Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static ModelItem ToWire(string id, ModelSummary model) => new()
    {
        Id = id,
        Created = model.ModifiedAt.ToUnixTimeSeconds(),
        OwnedBy = model.Name.Namespace,
    };
}
