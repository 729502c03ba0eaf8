using System.Globalization;
using Ollama.Platform.Benchmarks;
using Ollama.Platform.Benchmarks.Api;
using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.Benchmarks.Stores;
using Ollama.Platform.Benchmarks.Wire;

switch (args)
{
    case [RawCommand.Name, var weightsPath, var threadCount]:
        RawCommand.Serve(weightsPath, int.Parse(threadCount, CultureInfo.InvariantCulture));
        return 0;
    case [BusyCommand.Name]:
        BusyCommand.Run();
        return 0;
    case ["engine", .. var options] when EngineOptions.TryParse(options) is { } parsed:
        await new EngineCommand(parsed).RunAsync(CancellationToken.None);
        return 0;
    case [EmbeddingWireCommand.Name]:
        await new EmbeddingWireCommand(pairCount: 10, callCount: 2048).RunAsync(CancellationToken.None);
        return 0;
    case [EmbeddingWireCommand.Name, "--short"]:
        await new EmbeddingWireCommand(pairCount: 1, callCount: 20).RunAsync(CancellationToken.None);
        return 0;
    case [ServingCommand.Name]:
        await ServingCommand.RunAsync();
        return 0;
    case [BareCommand.Name]:
        await BareCommand.RunAsync();
        return 0;
    case ["api", .. var options] when ApiOptions.TryParse(options) is { } parsed:
        await new ApiCommand(parsed).RunAsync(CancellationToken.None);
        return 0;
    case ["store", .. var options] when StoreOptions.TryParse(options) is { } parsed:
        await new StoreCommand(parsed).RunAsync(CancellationToken.None);
        return 0;
    default:
        Terminal.Tell(EngineOptions.Usage);
        Terminal.Tell(StoreOptions.Usage);
        Terminal.Tell(EmbeddingWireCommand.Usage);
        Terminal.Tell(ApiOptions.Usage);
        return 2;
}
