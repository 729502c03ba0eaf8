using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>What was found in one case.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Unit">Unit of the value and the aim.</param>
/// <param name="Value">The value.</param>
/// <param name="Aim">What it is to stay below; null for none.</param>
internal sealed record ApiResult(string Case, string Unit, double Value, double? Aim)
{
    /// <summary>Processes that wanted to run, on average of the last minute: how busy the machine was.</summary>
    public double Load { get; init; } = double.Parse(
        File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public string ToJson() => JsonSerializer.Serialize(this, ApiResultJson.Default.ApiResult);

    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Case}: {Value:G4} {Unit}{(Aim is null ? "" : $" (aim: below {Aim:G4})")}");
}

/// <summary>Writes results.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiResult))]
internal sealed partial class ApiResultJson : JsonSerializerContext;
