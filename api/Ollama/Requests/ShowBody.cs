using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/show</c>.</summary>
internal sealed class ShowBody
{
    private string _model = "";
    private string _name = "";

    /// <summary>The model as the client wrote it, under the current or the deprecated field name.</summary>
    public string Model => _model.Length > 0 ? _model : _name;

    /// <summary>What the answer is to tell.</summary>
    public ReportRequest Scope { get; private set; } = new();

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static ShowBody Read(JsonElement root)
    {
        var body = new ShowBody();
        var source = GoObject.Root(root, "ShowRequest");
        foreach (var field in source.Fields)
        {
            switch (field.Name)
            {
                case "model":
                    body._model = field.AsString() ?? body._model;
                    break;
                case "name":
                    body._name = field.AsString() ?? body._name;
                    break;
                case "verbose":
                    body.Scope = body.Scope with { ArraysIncluded = field.AsBool() ?? body.Scope.ArraysIncluded };
                    break;
                case "system":
                    body.Scope = body.Scope with { System = field.AsString() ?? body.Scope.System };
                    break;
                case "template":
                    // Read for its type alone: the field has no effect.
                    _ = field.AsString();
                    break;
                case "options":
                    body.Scope = body.Scope with { Parameters = field.AsMap() ?? body.Scope.Parameters };
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        return body;
    }
}
