namespace Ollama.Platform.Api.Olla.Wire;

/// <summary>The answer of <c>/internal/status/models</c>.</summary>
internal sealed record ModelsStatusWire
{
    /// <summary>RFC 3339 in UTC.</summary>
    public required string Timestamp { get; init; }

    /// <summary>Names of models by family, both in order.</summary>
    public required SortedDictionary<string, IReadOnlyList<string>> ModelsByFamily { get; init; }

    /// <summary>The ten that changed last.</summary>
    public required IReadOnlyList<ModelStatusWire> RecentModels { get; init; }

    /// <summary>All models by family; only when asked for.</summary>
    public IReadOnlyList<ModelGroupWire>? ModelGroups { get; init; }

    /// <summary>How many models there are.</summary>
    public int TotalModels { get; init; }

    /// <summary>How many families.</summary>
    public int TotalFamilies { get; init; }

    /// <summary>How many endpoints have them.</summary>
    public int TotalEndpoints { get; init; }
}

/// <summary>One model.</summary>
internal sealed record ModelStatusWire
{
    /// <summary>Shortest display name with tag.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of server that has it.</summary>
    public required string Type { get; init; }

    /// <summary>Architecture family; left out when unknown.</summary>
    public string? Family { get; init; }

    /// <summary>Bytes of all its layers.</summary>
    public required string Size { get; init; }

    /// <summary>Human parameter count; left out when unknown.</summary>
    public string? Params { get; init; }

    /// <summary>File type of the weights; left out when unknown.</summary>
    public string? Quant { get; init; }

    /// <summary>When it was last listed, for people.</summary>
    public required string LastSeen { get; init; }

    /// <summary>The same, RFC 3339 in UTC.</summary>
    public string? LastSeenAt { get; init; }

    /// <summary>Names of the endpoints that have it.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>Their ids.</summary>
    public required IReadOnlyList<string> EndpointIds { get; init; }

    /// <summary>Other names of the same model; left out for none.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>What the model can do; left out for nothing.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }
}

/// <summary>The models of one family.</summary>
/// <param name="Family">The family.</param>
/// <param name="Models">Its models, by name.</param>
/// <param name="Endpoints">Names of the endpoints that have them.</param>
/// <param name="ModelCount">How many there are.</param>
internal sealed record ModelGroupWire(
    string Family, IReadOnlyList<ModelStatusWire> Models, IReadOnlyList<string> Endpoints, int ModelCount);

/// <summary>The answer of <c>/olla/models</c>: OpenAI's list, with more about each model.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">Latest change first.</param>
internal sealed record UnifiedModelsWire(string Object, IReadOnlyList<UnifiedModelWire> Data);

/// <summary>One model of that list.</summary>
/// <param name="Id">Shortest display name with tag.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">When it changed last, in seconds since 1970.</param>
/// <param name="OwnedBy">Its namespace.</param>
/// <param name="Olla">What OpenAI's list does not say.</param>
internal sealed record UnifiedModelWire(
    string Id, string Object, long Created, string OwnedBy, UnifiedDetailsWire Olla);

/// <summary>What OpenAI's list does not say of a model.</summary>
internal sealed record UnifiedDetailsWire
{
    /// <summary>Architecture family.</summary>
    public required string Family { get; init; }

    /// <summary>Human parameter count.</summary>
    public required string ParameterSize { get; init; }

    /// <summary>File type of the weights.</summary>
    public required string Quantization { get; init; }

    /// <summary>Other names of the same model.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Where it is, and whether it is loaded there.</summary>
    public required IReadOnlyList<AvailabilityWire> Availability { get; init; }

    /// <summary>What the model can do.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Trained context length in tokens; left out when unknown.</summary>
    public int? MaxContextLength { get; init; }
}

/// <summary>Where a model is.</summary>
/// <param name="Endpoint">The endpoint's name.</param>
/// <param name="Url">Where it was asked.</param>
/// <param name="State"><c>loaded</c> or <c>available</c>.</param>
internal sealed record AvailabilityWire(string Endpoint, string Url, string State);
