using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>
/// The body of <c>/api/pull</c> and <c>/api/push</c>. User name and password have no effect, as ever.
/// </summary>
/// <param name="Model">The model as the client wrote it; empty when it named none.</param>
/// <param name="Insecure">The registry may be asked without TLS.</param>
/// <param name="IsStream">Every step is wanted, not the last alone.</param>
internal sealed record TransferBody(string Model, bool Insecure, bool IsStream)
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field has the wrong type.</exception>
    public static TransferBody Read(JsonElement root, string goType)
    {
        var (model, name, insecure, stream) = ("", "", false, true);
        var body = GoObject.Root(root, goType);
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
                case "insecure":
                    insecure = field.AsBool() ?? insecure;
                    break;
                case "stream":
                    stream = field.AsBool() ?? stream;
                    break;
                case "username" or "password":
                    _ = field.AsString();
                    break;
                default:
                    break;
            }
        }

        body.Errors.ThrowIfAny();
        return new TransferBody(model.Length > 0 ? model : name, insecure, stream);
    }
}
