using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>
/// A registry with one model that does what a test says: written from the protocol, with nothing of the product.
/// </summary>
internal sealed class ScriptedRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, MemoryStream> _uploads = new();
    private BareServer? _server;

    private ScriptedRegistry()
    {
    }

    /// <summary>
    /// Takes a request over: the arguments are the request, its stage, and how many of that stage came.
    /// </summary>
    public Func<HttpContext, string, int, Task<bool>> Script { get; set; } = (_, _, _) => Task.FromResult(false);

    public string Host => _server!.Address.Authority;

    /// <summary>The model as a client names it.</summary>
    public string Model => $"{Host}/library/scripted:latest";

    public byte[] Manifest { get; set; } = [];

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public ConcurrentQueue<(string Stage, string Path, string Authorization, string Range)> Requests { get; } = new();

    public static async Task<ScriptedRegistry> StartAsync()
    {
        var registry = new ScriptedRegistry();
        registry._server = await BareServer.StartAsync(registry.HandleAsync);
        return registry;
    }

    /// <summary>Makes up a model with weights of this length; returns their digest.</summary>
    public string AddModel(int weightsBytes) => AddModel(RandomNumberGenerator.GetBytes(weightsBytes));

    /// <summary>Makes up a model with these weights; returns their digest.</summary>
    public string AddModel(byte[] weights)
    {
        var (model, config) = (Add(weights), Add(Encoding.UTF8.GetBytes("""{"model_format":"gguf"}""")));
        Manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json",
            ["config"] = Layer("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = new JsonArray(Layer("application/vnd.ollama.image.model", model)),
        }.ToJsonString());
        return model;

        JsonObject Layer(string type, string digest) => new()
        {
            ["mediaType"] = type,
            ["digest"] = digest,
            ["size"] = Blobs[digest].Length,
        };
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    /// <summary>Sends a range, or the beginning of it, after which the connection breaks or hangs.</summary>
    public static async Task SendAsync(
        HttpContext context, byte[] content, int? cutAfter = null, Task? hangsUntil = null)
    {
        var (from, to) = (0, content.Length - 1);
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single() is { } range)
        {
            (from, to) = ((int)range.From!.Value, (int)Math.Min(range.To ?? to, to));
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{to}/{content.Length}";
        }

        var body = content.AsMemory(from..(to + 1));
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await context.Response.Body.WriteAsync(body[..Math.Min(body.Length, cutAfter ?? body.Length)]);
        if (cutAfter is not null)
        {
            await context.Response.Body.FlushAsync();
            await (hangsUntil ?? Task.CompletedTask).WaitAsync(context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
        }
    }

    private string Add(byte[] content)
    {
        var digest = ContentDigest.Of(content);
        Blobs[digest] = content;
        return digest;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var (path, request) = (context.Request.Path.Value!, context.Request);
        var place = path.Contains("/manifests/") ? "manifest" : path.Contains("/uploads/") ? "upload"
            : path.Contains("/blobs/") ? "blob" : path.Trim('/');
        var stage = $"{request.Method} {place}";
        Requests.Enqueue((stage, path, request.Headers.Authorization.ToString(), request.Headers.Range.ToString()));
        if (await Script(context, stage, _counts.AddOrUpdate(stage, 1, (_, count) => count + 1)))
        {
            return;
        }

        switch (stage)
        {
            case "GET manifest":
                await SendAsync(context, Manifest);
                break;
            case "PUT manifest":
                Manifest = await ReadAsync(context);
                context.Response.StatusCode = StatusCodes.Status201Created;
                break;
            case "GET blob" or "HEAD blob" when Blobs.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var blob):
                await SendAsync(context, blob);
                break;
            case "POST upload":
                var id = Guid.NewGuid().ToString("N");
                _uploads[id] = new MemoryStream();
                ReplyUpload(context, id, StatusCodes.Status202Accepted);
                break;
            case "GET upload" or "PATCH upload" or "PUT upload":
                await UploadAsync(context, path[(path.LastIndexOf('/') + 1)..]);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task UploadAsync(HttpContext context, string id)
    {
        if (!_uploads.TryGetValue(id, out var upload))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (HttpMethods.IsPatch(context.Request.Method))
        {
            Assert.Equal(upload.Length, long.Parse(context.Request.Headers.ContentRange.ToString().Split('-')[0]));
            await context.Request.Body.CopyToAsync(upload);
            ReplyUpload(context, id, StatusCodes.Status202Accepted);
        }
        else if (HttpMethods.IsPut(context.Request.Method))
        {
            Assert.Equal(context.Request.Query["digest"].ToString(), Add(upload.ToArray()));
            context.Response.StatusCode = StatusCodes.Status201Created;
        }
        else
        {
            ReplyUpload(context, id, StatusCodes.Status204NoContent);
        }
    }

    /// <summary>Takes a part of a piece and breaks the connection.</summary>
    public async Task TakeSomeAsync(HttpContext context, int count)
    {
        var piece = new byte[count];
        await context.Request.Body.ReadExactlyAsync(piece);
        _uploads[context.Request.Path.Value!.Split('/')[^1]].Write(piece);
        context.Abort();
    }

    private void ReplyUpload(HttpContext context, string id, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = $"/v2/library/scripted/blobs/uploads/{id}";
        context.Response.Headers["Range"] = $"0-{Math.Max(0, _uploads[id].Length - 1)}";
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
