using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>GET /api/tags</c>: the models of the library.</summary>
internal sealed class TagsRoute(ILibrary library, TimeProvider time)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var models = await library.ListAsync(request.Aborted);
        await request.ReplyAsync(new TagsReply([.. models.Select(ToWire)]), WireJson.Default.TagsReply);
    }

    private TagWire ToWire(ModelSummary model) => new()
    {
        Name = model.Name.DisplayName,
        Model = model.Name.DisplayName,
        RemoteModel = WireMapping.OrNull(model.RemoteModel),
        RemoteHost = WireMapping.OrNull(model.RemoteHost),
        ModifiedAt = WireTime.Local(model.ModifiedAt, time),
        Size = model.TotalBytes,
        Digest = model.ManifestDigest.Hex,
        Details = model.Details.ToWire(lengthsIncluded: true),
        Capabilities = model.Capabilities.ToWire(),
    };
}
