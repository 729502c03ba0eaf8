using System.Globalization;
using Grpc.Net.Client;
using Ollama.Platform.Benchmarks.Api;
using Ollama.Platform.Benchmarks.Engine;

namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>
/// What an embedding of 1,024 dimensions costs over gRPC and as JSON: bytes of the answer, and processor time of a
/// vector, once for writing and reading it and once for all that the server does to answer. What clients do beside that
/// is their own.
/// </summary>
internal sealed class EmbeddingWireCommand(int pairCount, int callCount)
{
    public const string Name = "wire";

    // An embedding service has several callers; one alone would measure how threads fall asleep and wake up.
    private const int CallerCount = 8;

    public const string Usage =
        """
        Usage: dotnet run -c Release --project tests/Benchmarks -- wire [--short]

          An embedding over gRPC beside the same one as JSON.
        """;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await ScriptedServer.StartAsync(cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
        using var channel = GrpcChannel.ForAddress(server.GrpcAddress);
        var json = new JsonEmbeddings(http, cancellationToken);
        var grpc = new GrpcEmbeddings(channel, cancellationToken);
        await CompareAsync(
            "written and read", 1, VectorForms.JsonAsync, VectorForms.GrpcAsync,
            () => Task.FromResult(Environment.CpuUsage.TotalTime));
        await CompareAtServerAsync("one text a call", 1, () => json.AskAsync(1), () => grpc.AskAsync(1));
        await CompareAtServerAsync("16 texts a call", 16, () => json.AskAsync(16), () => grpc.AskAsync(16));
        await CompareAtServerAsync(
            "one text a call of JSON, streams of 64 texts", 64,
            async () =>
            {
                for (var text = 0; text < 63; text++)
                {
                    await json.AskAsync(1);
                }

                return await json.AskAsync(1);
            },
            () => grpc.StreamAsync(64));

        Task CompareAtServerAsync(string what, int vectorCount, Func<Task<int>> json, Func<Task<int>> grpc) =>
            CompareAsync(what, vectorCount, json, grpc, () => server.ProcessorTimeAsync(cancellationToken));
    }

    private async Task CompareAsync(
        string what, int vectorCount, Func<Task<int>> json, Func<Task<int>> grpc, Func<Task<TimeSpan>> processorTime)
    {
        // The first calls are compiled and tiered up.
        await MeasureAsync(json);
        await MeasureAsync(grpc);
        var times = new List<(double Ours, double Reference)>();
        var (jsonBytes, grpcBytes) = (0, 0);
        for (var pair = 0; pair < pairCount; pair++)
        {
            (jsonBytes, var jsonTime) = await MeasureAsync(json);
            (grpcBytes, var grpcTime) = await MeasureAsync(grpc);
            times.Add((grpcTime, jsonTime));
        }

        Terminal.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"embedding of {FixedVector.DimensionCount} dimensions, {what}: {grpcBytes} bytes; JSON {jsonBytes}; "
            + $"ratio {(double)grpcBytes / jsonBytes:F3} (aim: 0.35)"));
        var ratios = times.Select(pair => pair.Ours / pair.Reference).ToList();
        Terminal.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"embedding of {FixedVector.DimensionCount} dimensions, {what}: "
            + $"{times.Select(pair => pair.Ours).Median():F1} µs of processor time a vector; "
            + $"JSON {times.Select(pair => pair.Reference).Median():F1}; ratio {ratios.Median():F3} "
            + $"({ratios.Min():F3} to {ratios.Max():F3}, {times.Count} pairs; aim: 0.30)"));

        async Task<(int Bytes, double Microseconds)> MeasureAsync(Func<Task<int>> ask)
        {
            var count = Math.Max(1, callCount / vectorCount / CallerCount);
            var before = await processorTime();
            var bytes = await Task.WhenAll(Enumerable.Range(0, CallerCount).Select(_ => RepeatAsync(ask, count)));
            var taken = await processorTime() - before;
            return (bytes[0], taken.TotalMicroseconds / (count * vectorCount * CallerCount));
        }
    }

    private static async Task<int> RepeatAsync(Func<Task<int>> ask, int count)
    {
        var bytes = 0;
        for (var call = 0; call < count; call++)
        {
            bytes = await ask();
        }

        return bytes;
    }
}
