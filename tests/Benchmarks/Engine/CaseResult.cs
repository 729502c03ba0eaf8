using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>What was found in one case; the product of a run.</summary>
internal sealed record CaseResult
{
    /// <summary>What was measured.</summary>
    public required string Case { get; init; }

    /// <summary>The model that it was measured with.</summary>
    public required string Model { get; init; }

    /// <summary>Threads that computed.</summary>
    public required int Threads { get; init; }

    /// <summary>Unit of ours and the reference.</summary>
    public required string Unit { get; init; }

    /// <summary>Pairs of runs, or runs where there is no reference.</summary>
    public required int Pairs { get; init; }

    /// <summary>Median of the product's runs.</summary>
    public required double Ours { get; init; }

    /// <summary>What the product is compared with; null for nothing.</summary>
    public string? Against { get; init; }

    /// <summary>Median of the reference's runs.</summary>
    public double? Reference { get; init; }

    /// <summary>Median of each pair's ours ÷ reference.</summary>
    public double? Ratio { get; init; }

    /// <summary>Lowest ratio of a pair.</summary>
    public double? RatioMin { get; init; }

    /// <summary>Highest ratio of a pair.</summary>
    public double? RatioMax { get; init; }

    /// <summary>
    /// Processes that wanted to run, on average of the last minute: how busy the machine was.
    /// </summary>
    public double Load { get; init; } = LoadAverage();

    /// <summary>The result of runs in pairs.</summary>
    public static CaseResult Of(
        string name,
        BenchmarkStore store,
        EngineOptions options,
        string unit,
        string against,
        IReadOnlyList<(double Ours, double Reference)> pairs)
    {
        var ratios = pairs.Select(pair => pair.Ours / pair.Reference).ToList();
        return Alone(name, store, options, unit, [.. pairs.Select(pair => pair.Ours)]) with
        {
            Against = against,
            Reference = pairs.Select(pair => pair.Reference).Median(),
            Ratio = ratios.Median(),
            RatioMin = ratios.Min(),
            RatioMax = ratios.Max(),
        };
    }

    /// <summary>The result of runs without a reference.</summary>
    public static CaseResult Alone(
        string name, BenchmarkStore store, EngineOptions options, string unit, IReadOnlyList<double> runs) => new()
        {
            Case = name,
            Model = store.ModelName,
            Threads = options.ThreadCount,
            Unit = unit,
            Pairs = runs.Count,
            Ours = runs.Median(),
        };

    public string ToJson() => JsonSerializer.Serialize(this, BenchmarkJson.Default.CaseResult);

    public string ToText()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Model}  {Case}, {Threads} threads: {Ours:G4} {Unit}");
        return Ratio is null ? text : text + string.Create(
            CultureInfo.InvariantCulture,
            $"; {Against} {Reference:G4}; ratio {Ratio:F3} ({RatioMin:F3} to {RatioMax:F3}, {Pairs} pairs)");
    }

    private static double LoadAverage() => double.Parse(
        File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>Writes results.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CaseResult))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
