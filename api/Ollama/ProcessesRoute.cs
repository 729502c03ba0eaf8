using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>GET /api/ps</c>: the loaded models.</summary>
internal sealed class ProcessesRoute(IModels models, TimeProvider time)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var loaded = await models.ListLoadedAsync(request.Aborted);
        await request.ReplyAsync(new ProcessReply([.. loaded.Select(ToWire)]), WireJson.Default.ProcessReply);
    }

    private ProcessWire ToWire(LoadedModelStatus model) => new()
    {
        Name = model.Name,
        Model = model.Name,
        Size = model.TotalBytes,
        Digest = model.ManifestDigestHex,
        Details = model.Details.ToWire(lengthsIncluded: false),
        ExpiresAt = WireTime.Expiry(model.ExpiresAt, time),
        SizeVram = model.VramBytes,
        ContextLength = model.ContextTokens,
    };
}
