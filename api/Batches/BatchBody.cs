using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi.Requests;

namespace Ollama.Platform.Api.Batches;

/// <summary>The body of <c>POST /v1/batches</c>.</summary>
/// <param name="InputFileId">The requests.</param>
/// <param name="Endpoint">The route of all of them.</param>
/// <param name="CompletionWindow">How long it may take.</param>
/// <param name="Metadata">As sent.</param>
/// <param name="OutputLife">How long its results are kept; null for the usual time.</param>
internal sealed record BatchBody(
    string InputFileId, string Endpoint, string CompletionWindow, JsonElement? Metadata, TimeSpan? OutputLife)
{
    /// <summary>The only one there is.</summary>
    public const string Window = "24h";

    /// <summary>Reads a parsed body.</summary>
    /// <param name="root">The body.</param>
    /// <param name="endpoints">The routes that batches may use.</param>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static BatchBody Read(JsonElement root, IReadOnlyCollection<string> endpoints)
    {
        var body = new BatchBody("", "", "", null, null);
        var source = GoObject.Root(root, "BatchRequest");
        foreach (var field in source.Fields)
        {
            body = field.Name switch
            {
                "input_file_id" => body with { InputFileId = field.AsString() ?? body.InputFileId },
                "endpoint" => body with { Endpoint = field.AsString() ?? body.Endpoint },
                "completion_window" => body with { CompletionWindow = field.AsString() ?? body.CompletionWindow },
                "metadata" => body with { Metadata = MetadataReader.Read(field) },
                "output_expires_after" when !field.IsNull => body with { OutputLife = ReadLife(field) },
                _ => body,
            };
        }

        source.Errors.ThrowIfAny();
        if (body.InputFileId.Length == 0)
        {
            throw GoJsonErrors.Refuse("input_file_id is required");
        }

        if (!endpoints.Contains(body.Endpoint))
        {
            throw GoJsonErrors.Refuse(
                $"invalid endpoint: {GoText.Quote(body.Endpoint)} (must be one of {string.Join(", ", endpoints)})");
        }

        return body.CompletionWindow == Window
            ? body
            : throw GoJsonErrors.Refuse(
                $"invalid completion_window: {GoText.Quote(body.CompletionWindow)} (must be \"{Window}\")");
    }

    private static TimeSpan ReadLife(GoField field)
    {
        var (anchor, seconds) = ((string?)null, (int?)null);
        foreach (var part in GoObject.Nested(field, field.Value, "BatchExpiry").Fields)
        {
            anchor = part.Name == "anchor" ? part.AsString() : anchor;
            seconds = part.Name == "seconds" ? part.AsInt() : seconds;
        }

        return FileLife.Read(field.Name, anchor, seconds);
    }
}
