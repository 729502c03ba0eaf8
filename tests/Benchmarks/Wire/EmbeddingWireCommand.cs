using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Host;
using Ollama.Platform.Host.Options;
using Ollama.V1;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>
/// What an embedding of 1,024 dimensions costs over gRPC and as JSON: bytes of the answer, and processor time from the
/// vector to the array of floats, once without and once with all that lies between: this process is server and client.
/// </summary>
internal sealed class EmbeddingWireCommand(int pairCount, int callCount)
{
    public const string Name = "wire";

    public const string Usage =
        """
        Usage: dotnet run -c Release --project tests/Benchmarks -- wire [--short]

          An embedding over gRPC beside the same one as JSON.
        """;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var store = Directory.CreateTempSubdirectory("ollama-platform-wire-").FullName;
        var options = new ServerOptions
        {
            Listen = new ListenAddress("127.0.0.1", 0),
            ModelsDirectory = store,
            ShippedModels = false,
            Grpc = new GrpcSettings { Listen = new ListenAddress("127.0.0.1", 0), IsAddressAsked = true },
        };
        await using var app = ServerHost.Build(options, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton<IModels, FixedVectors>();
        });
        await app.StartAsync(cancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(addresses.First()) };
        using var channel = GrpcChannel.ForAddress(addresses.Last());
        var client = new EmbeddingService.EmbeddingServiceClient(channel);
        await CompareAsync("written and read", VectorForms.JsonAsync, VectorForms.GrpcAsync);
        await CompareAsync(
            "asked for and sent",
            () => AskJsonAsync(http, cancellationToken),
            () => AskGrpcAsync(client, cancellationToken));
        await app.StopAsync(cancellationToken);
        Directory.Delete(store, recursive: true);
    }

    private async Task CompareAsync(string what, Func<Task<int>> json, Func<Task<int>> grpc)
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
            $"embedding of {FixedVectors.DimensionCount} dimensions, {what}: {grpcBytes} bytes; JSON {jsonBytes}; "
            + $"ratio {(double)grpcBytes / jsonBytes:F3}"));
        var ratios = times.Select(pair => pair.Ours / pair.Reference).ToList();
        Terminal.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"embedding of {FixedVectors.DimensionCount} dimensions, {what}: "
            + $"{times.Select(pair => pair.Ours).Median():F1} µs of processor time a call; "
            + $"JSON {times.Select(pair => pair.Reference).Median():F1}; ratio {ratios.Median():F3} "
            + $"({ratios.Min():F3} to {ratios.Max():F3}, {times.Count} pairs of {callCount} calls)"));
    }

    private async Task<(int Bytes, double Microseconds)> MeasureAsync(Func<Task<int>> ask)
    {
        var before = Environment.CpuUsage.TotalTime;
        var bytes = 0;
        for (var call = 0; call < callCount; call++)
        {
            bytes = await ask();
        }

        return (bytes, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / callCount);
    }

    private static async Task<int> AskJsonAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(
            Encoding.UTF8.GetBytes("{\"model\":\"any\",\"input\":\"What is the capital of France?\"}"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync("/api/embed", content, cancellationToken);
        var body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        return VectorForms.ReadJson(body);
    }

    private static async Task<int> AskGrpcAsync(
        EmbeddingService.EmbeddingServiceClient client, CancellationToken cancellationToken)
    {
        var answer = await client.EmbedAsync(
            new EmbedRequest { Model = "any", Input = { "What is the capital of France?" } },
            cancellationToken: cancellationToken);
        return VectorForms.ReadGrpc(answer);
    }
}
