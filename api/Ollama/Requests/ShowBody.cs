using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/show</c>.</summary>
internal sealed class ShowBody
{
    private string _model = "";
    private string _name = "";

    /// <summary>The model as the client wrote it, under the current or the deprecated field name.</summary>
    public string Model => _model.Length > 0 ? _model : _name;

    /// <summary>Includes metadata arrays.</summary>
    public bool Verbose { get; private set; }

    /// <summary>Overrides the system text in the answer when not empty.</summary>
    public string System { get; private set; } = "";

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
                    body.Verbose = field.AsBool() ?? body.Verbose;
                    break;
                case "system":
                    body.System = field.AsString() ?? body.System;
                    break;
                case "template":
                    // Read for its type alone: the field has no effect.
                    _ = field.AsString();
                    break;
                case "options":
                    _ = field.AsMap();
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        return body;
    }
}
