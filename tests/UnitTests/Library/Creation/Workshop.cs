using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.Silo.Library.Creation;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library.Creation;

/// <summary>A store, its library and what makes models in it.</summary>
internal sealed class Workshop : IDisposable
{
    public Workshop()
    {
        Library = new LocalLibrary(
            Store.Manifests, Store.Writer,
            new ModelFiles(Store.Blobs, Store.Headers, NullLogger<ModelFiles>.Instance),
            ModelSummariesTests.Create(Store),
            Options.Create(new LocalLibraryOptions()), NullLogger<LocalLibrary>.Instance);
        Creation = new ModelCreation(
            Store.Paths, Store.Manifests, Store.Writer,
            () => new PartStore(Store.Blobs, Store.Paths, Store.Headers, Store.Claims),
            new UploadedFiles(Conversions), new WeightsRefinement(Quantizations), new ScriptedTransfers());
    }

    public Store Store { get; } = new();

    public LocalLibrary Library { get; }

    public ModelCreation Creation { get; }

    public List<IWeightsConversion> Conversions { get; } = [];

    public List<IWeightsQuantization> Quantizations { get; } = [];

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public static CreationRequest Request(string name) => new() { Name = BlobStore.Store.Name(name) };

    /// <summary>Uploads a file.</summary>
    public async Task<CreationFile> UploadAsync(string path, byte[] content) =>
        new(path, (await Store.AddAsync("", content, Aborted)).Digest);

    /// <summary>Makes a model of one GGUF file and returns its manifest.</summary>
    public async Task<StoredManifest> MakeAsync(string name, CreationRequest? request = null)
    {
        await RunAsync((request ?? Request(name)) with
        {
            Name = BlobStore.Store.Name(name),
            Files = [await UploadAsync("m.gguf", GgufBuilder.Model().Build())],
        });
        return Store.Manifests.Read(BlobStore.Store.Name(name))!;
    }

    /// <summary>Carries a request out and returns what was said.</summary>
    public async Task<string[]> RunAsync(CreationRequest request)
    {
        var said = new List<string>();
        await foreach (var step in Creation.CreateAsync(request, Aborted))
        {
            said.Add(step.Status);
        }

        return [.. said];
    }

    public StoredManifest Manifest(string name) => Store.Manifests.Read(BlobStore.Store.Name(name))!;

    public string Text(StoredManifest manifest, string mediaType) =>
        File.ReadAllText(Store.Paths.Blob(manifest.Find(mediaType)!.Digest));

    public void Dispose() => Store.Dispose();
}
