using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/copy</c>: a second name for a model.</summary>
internal sealed class CopyRoute(ILibrary library, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request, with an empty body.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var (source, destination) = Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = source;
        var from = Parse("source", source);
        var to = Parse("destination", destination);
        if (!await library.CopyAsync(from, to, request.Aborted))
        {
            throw new ModelException(ModelErrorCode.ModelNotFound, source);
        }
    }

    private static ModelName Parse(string field, string text) => ModelName.TryParse(text, out var name)
        ? name
        : throw new ModelException(ModelErrorCode.RequestInvalid, text, $"{field} {GoText.Quote(text)} is invalid");

    private static (string Source, string Destination) Read(JsonElement root)
    {
        var (source, destination) = ("", "");
        var body = GoObject.Root(root, "CopyRequest");
        foreach (var field in body.Fields)
        {
            switch (field.Name)
            {
                case "source":
                    source = field.AsString() ?? source;
                    break;
                case "destination":
                    destination = field.AsString() ?? destination;
                    break;
                default:
                    break;
            }
        }

        body.Errors.ThrowIfAny();
        return (source, destination);
    }
}
