using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/show</c>: everything about one model.</summary>
internal sealed class ShowRoute(ILibrary library, TimeProvider time, IOptions<ApiOptions> options)
{
    private const string CopilotAgent = "GitHubCopilotChat/";
    private const string BaseName = "general.basename";

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = ShowBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Show);
        var report = await library.ShowAsync(model.Name, body.Scope, request.Aborted)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        await request.ReplyAsync(ToWire(report, request), WireJson.Default.ShowReply);
    }

    private ShowReply ToWire(ModelReport report, ApiRequest request) => new()
    {
        License = WireMapping.OrNull(report.License),
        Modelfile = WireMapping.OrNull(report.Modelfile),
        Parameters = WireMapping.OrNull(report.Parameters),
        Template = WireMapping.OrNull(report.Template),
        System = WireMapping.OrNull(report.System),
        Details = report.Summary.Details.ToWire(lengthsIncluded: false),
        Messages = WireMapping.OrNull(report.Messages.Select(message => new MessageWire
        {
            Role = message.Role,
            Content = message.Content,
        }).ToArray()),
        ModelInfo = WithBaseName(report.Metadata, request),
        ProjectorInfo = report.ProjectorMetadata is { Count: > 0 } ? report.ProjectorMetadata : null,
        Tensors = WireMapping.OrNull(report.Tensors.Select(
            tensor => new TensorWire(tensor.Name, tensor.Type, tensor.Shape)).ToArray()),
        Capabilities = report.Summary.Capabilities.ToWire(),
        ModifiedAt = WireTime.Local(report.Summary.ModifiedAt, time),
        Requires = WireMapping.OrNull(report.Requires),
    };

    // Copilot shows this entry as the model's name and expects the one that it asked for.
    private static IReadOnlyDictionary<string, JsonElement> WithBaseName(
        IReadOnlyDictionary<string, JsonElement> metadata, ApiRequest request)
    {
        if (!request.Context.Request.Headers.UserAgent.ToString().StartsWith(CopilotAgent, StringComparison.Ordinal))
        {
            return metadata;
        }

        var renamed = new Dictionary<string, JsonElement>(metadata);
        renamed[BaseName] = JsonSerializer.SerializeToElement(request.Model, WireJson.Default.String);
        return renamed;
    }
}
