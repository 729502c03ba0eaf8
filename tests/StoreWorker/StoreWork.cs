using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.StoreWorker;

/// <summary>Uploads, creates, copies and deletes at random, through the ports that the server uses.</summary>
internal sealed class StoreWork : IAsyncDisposable
{
    private const int FileCount = 3;
    private const int NameCount = 5;
    private const int PaddingCharacters = 400_000;

    private readonly Random _random;
    private readonly ServiceProvider _services;

    public StoreWork(string directory, int seed)
    {
        _random = new Random(seed);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddBlobStore(options => options.Directory = directory);
        services.AddLocalLibrary(_ => { });
        _services = services.BuildServiceProvider();
    }

    public async Task RunAsync(Action<string> say)
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        while (true)
        {
            try
            {
                await WorkAsync(say);
            }
            catch (ModelException refusal) when (refusal.Refusal.Code is ModelErrorCode.ModelFileInvalid
                or ModelErrorCode.ModelNotFound)
            {
                // Another worker deleted what this one was about to use. Nothing else may be refused.
                say("refused");
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task WorkAsync(Action<string> say)
    {
        var library = _services.GetRequiredService<ILibrary>();
        switch (_random.Next(5))
        {
            case 0:
                say("upload");
                await UploadAsync();
                break;
            case 1 or 2:
                say("create");
                await CreateAsync(say);
                break;
            case 3:
                say("copy");
                await library.CopyAsync(Name(), Name(), CancellationToken.None);
                break;
            default:
                say("delete");
                await library.DeleteAsync(Name(), CancellationToken.None);
                break;
        }
    }

    private async Task<Digest> UploadAsync()
    {
        var content = GgufBuilder.Model()
            .Add("general.name", "model " + _random.Next(FileCount).ToString(CultureInfo.InvariantCulture))
            .Add("general.description", new string('x', PaddingCharacters)).Build();
        var digest = Digest.Of(content);
        await _services.GetRequiredService<IBlobs>().WriteAsync(
            digest, new MemoryStream(content), CancellationToken.None);
        return digest;
    }

    private async Task CreateAsync(Action<string> say)
    {
        var request = new CreationRequest
        {
            Name = Name(),
            System = "system " + _random.Next(FileCount).ToString(CultureInfo.InvariantCulture),
        };
        request = _random.Next(2) == 0
            ? request with { From = Name() }
            : request with { Files = [new CreationFile("model.gguf", await UploadAsync())] };
        await foreach (var step in _services.GetRequiredService<IModelCreation>()
            .CreateAsync(request, CancellationToken.None))
        {
            say(step.Status);
        }
    }

    private ModelName Name() =>
        ModelName.TryParse("m" + _random.Next(NameCount).ToString(CultureInfo.InvariantCulture), out var name)
            ? name
            : throw new FormatException();
}
