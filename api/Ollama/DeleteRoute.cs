using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>DELETE /api/delete</c>: removes a model from the library. It stays loaded where it is.</summary>
internal sealed class DeleteRoute(ILibrary library, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request, with an empty body.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var model = Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = model;
        var name = ModelReference.ParseStored(model) ?? throw new ModelException(
            ModelErrorCode.RequestInvalid, model, $"name {GoText.Quote(model)} is invalid");
        if (!await library.DeleteAsync(name, request.Aborted))
        {
            throw new ModelException(ModelErrorCode.ModelNotFound, model);
        }
    }

    private static string Read(JsonElement root)
    {
        var (model, name) = ("", "");
        var body = GoObject.Root(root, "DeleteRequest");
        foreach (var field in body.Fields)
        {
            switch (field.Name)
            {
                case "model":
                    model = field.AsString() ?? model;
                    break;
                case "name":
                    name = field.AsString() ?? name;
                    break;
                default:
                    break;
            }
        }

        body.Errors.ThrowIfAny();
        return model.Length > 0 ? model : name;
    }
}
