using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>Models of the library, and those that are loaded.</summary>
internal static class ModelMapping
{
    /// <summary>One entry of the list.</summary>
    public static Wire.ModelSummary ToWire(this ModelSummary model) => new()
    {
        Name = model.Name.DisplayName,
        Digest = model.ManifestDigest.ToString(),
        SizeBytes = model.TotalBytes,
        ModifiedAt = Timestamp.FromDateTimeOffset(model.ModifiedAt),
        Details = model.Details.ToMessage(),
        Capabilities = { WireMapping.ToWire(model.Capabilities) ?? [] },
    };

    /// <summary>One model that is loaded.</summary>
    public static Wire.RunningModel ToWire(this LoadedModelStatus model) => new()
    {
        Name = model.Name,
        Digest = "sha256:" + model.ManifestDigestHex,
        Details = model.Details.ToMessage(),
        SizeBytes = model.TotalBytes,
        VramBytes = model.VramBytes,
        ContextTokens = model.ContextTokens,
        ExpiresAt = model.ExpiresAt is { } expiry ? Timestamp.FromDateTimeOffset(expiry) : null,
    };

    /// <summary>Everything about one model.</summary>
    public static Wire.GetModelResponse ToWire(this ModelReport report)
    {
        var wire = new Wire.GetModelResponse
        {
            Summary = report.Summary.ToWire(),
            License = report.License,
            Modelfile = report.Modelfile,
            Parameters = report.Parameters,
            Template = report.Template,
            System = report.System,
            Messages = { report.Messages.Select(MessageMapping.ToWire) },
            Metadata = { ToWire(report.Metadata) },
            Tensors = { report.Tensors.Select(ToWire) },
        };
        if (report.ProjectorMetadata is { } projector)
        {
            wire.ProjectorMetadata.Add(ToWire(projector));
        }

        if (report.Requires is { Length: > 0 } version)
        {
            wire.Requires = version;
        }

        return wire;
    }

    /// <summary>One step of a pull, push or create.</summary>
    public static Wire.Progress ToWire(this TransferProgress step) => new()
    {
        Status = step.Status,
        Digest = step.Digest?.ToString() ?? "",
        TotalBytes = step.TotalBytes,
        CompletedBytes = step.CompletedBytes,
    };

    private static Wire.ModelDetails ToMessage(this ModelDetails details)
    {
        var wire = new Wire.ModelDetails
        {
            ParentModel = details.ParentModel,
            Format = details.Format,
            Family = details.Family,
            Families = { details.Families ?? [] },
            ParameterSize = details.ParameterSize,
            QuantizationLevel = details.QuantizationLevel,
        };
        if (details.ContextTokens is { } context)
        {
            wire.ContextTokens = context;
        }

        if (details.EmbeddingLength is { } length)
        {
            wire.EmbeddingLength = length;
        }

        return wire;
    }

    private static Wire.Tensor ToWire(TensorDescription tensor) =>
        new() { Name = tensor.Name, Type = tensor.Type, Shape = { tensor.Shape } };

    private static Dictionary<string, Value> ToWire(IReadOnlyDictionary<string, JsonElement> metadata) =>
        metadata.ToDictionary(entry => entry.Key, entry => ToValue(entry.Value));

    private static Value ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Value.ForString(element.GetString()),
        JsonValueKind.Number => Value.ForNumber(element.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => Value.ForBool(element.GetBoolean()),
        JsonValueKind.Array => Value.ForList([.. element.EnumerateArray().Select(ToValue)]),
        JsonValueKind.Object => Value.ForStruct(new Struct
        {
            Fields = { element.EnumerateObject().ToDictionary(field => field.Name, field => ToValue(field.Value)) },
        }),
        _ => Value.ForNull(),
    };
}
