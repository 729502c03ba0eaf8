using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.StoreWorker;

/// <summary>Uploads, creates, copies, pulls and deletes at random, through the ports that the server uses.</summary>
internal sealed class StoreWork : IDisposable
{
    private const int FileCount = 3;
    private const int NameCount = 5;
    private const int PaddingCharacters = 400_000;
    private const int PartBytes = 64 * 1024;

    private readonly Random _random;
    private readonly IHost _host;

    public StoreWork(string directory, int seed, Uri registry)
    {
        _random = new Random(seed);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var services = builder.Services;
        services.AddBlobStore(options => options.Directory = directory);
        services.AddRegistryClient(options =>
        {
            options.DefaultRegistry = registry;
            options.PartBytes = PartBytes;
            options.AttemptsMax = 1;
            options.KeyFile = Path.Combine(directory, "key");
        });
        services.AddLocalLibrary(_ => { });
        _host = builder.Build();
    }

    public async Task RunAsync(Action<string> say)
    {
        await _host.StartAsync();
        while (true)
        {
            try
            {
                await WorkAsync(say);
            }
            catch (ModelException refusal) when (refusal.Refusal.Code is ModelErrorCode.ModelFileInvalid
                or ModelErrorCode.ModelNotFound or ModelErrorCode.TransferFailed)
            {
                // Another worker deleted what this one was about to use. Nothing else may be refused, but a pull of
                // what the registry does not have, and one whose parts another worker removed.
                say("refused");
            }
        }
    }

    public void Dispose() => _host.Dispose();

    private async Task WorkAsync(Action<string> say)
    {
        var library = _host.Services.GetRequiredService<ILibrary>();
        switch (_random.Next(6))
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
                say("pull");
                await PullAsync(say);
                break;
            case 4:
                say("copy");
                await library.CopyAsync(Name(), Name(), CancellationToken.None);
                break;
            default:
                say("delete");
                await library.DeleteAsync(Name(), CancellationToken.None);
                break;
        }
    }

    private async Task PullAsync(Action<string> say)
    {
        ModelName.TryParse("scripted", out var name);
        await foreach (var step in _host.Services.GetRequiredService<IModelTransfers>()
            .PullAsync(name!, insecure: false, CancellationToken.None))
        {
            say(step.Status);
        }

        // Or the next pull would find everything here.
        await _host.Services.GetRequiredService<ILibrary>().DeleteAsync(name!, CancellationToken.None);
    }

    private async Task<Digest> UploadAsync()
    {
        var content = GgufBuilder.Model()
            .Add("general.name", "model " + _random.Next(FileCount).ToString(CultureInfo.InvariantCulture))
            .Add("general.description", new string('x', PaddingCharacters)).Build();
        var digest = Digest.Of(content);
        await _host.Services.GetRequiredService<IBlobs>().WriteAsync(
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
        await foreach (var step in _host.Services.GetRequiredService<IModelCreation>()
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
