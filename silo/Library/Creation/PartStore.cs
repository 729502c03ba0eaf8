using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>
/// The blobs of one creation: what is found or written stays for as long as this does, although no manifest names it.
/// </summary>
internal sealed class PartStore(BlobFiles blobs, StorePaths paths, GgufHeaders headers, BlobClaims claims) : IDisposable
{
    private readonly BlobClaim _claim = claims.Begin();

    /// <summary>What keeps the blobs.</summary>
    public BlobClaim Claim => _claim;

    /// <summary>The file of an uploaded blob.</summary>
    /// <exception cref="ModelException">It is not here.</exception>
    public string Find(Digest digest)
    {
        _claim.Add(digest);
        return blobs.TryGetPath(digest, out var path)
            ? path
            : throw new ModelException(ModelErrorCode.ModelFileInvalid, detail: $"blob {digest} does not exist");
    }

    /// <summary>Takes a layer of another model.</summary>
    /// <exception cref="ModelException">Its blob is missing, or is a damaged GGUF file.</exception>
    public ModelPart Take(Layer layer, string from)
    {
        var path = Find(layer.Digest);
        var isFile = layer.MediaType is MediaTypes.Model or MediaTypes.Projector or MediaTypes.Adapter;
        return new ModelPart(layer with { From = from }, IsNew: false, isFile ? ReadHeader(path) : null);
    }

    /// <summary>Takes an uploaded GGUF file whose header was checked.</summary>
    public static ModelPart Take(string mediaType, Digest digest, GgufFile file) => new(
        new Layer { MediaType = mediaType, Digest = digest, Size = file.FileBytes }, IsNew: false, file);

    /// <summary>Stores a small layer.</summary>
    public async Task<ModelPart> AddAsync(string mediaType, byte[] content, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content);
        _claim.Add(digest);
        var isNew = await blobs.WriteAsync(digest, new MemoryStream(content, writable: false), cancellationToken);
        return new ModelPart(new Layer { MediaType = mediaType, Digest = digest, Size = content.Length }, isNew);
    }

    /// <summary>Stores a GGUF file that is made for this model.</summary>
    /// <param name="mediaType">What it is.</param>
    /// <param name="write">Writes it to the path that it is given; removed when anything fails.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="ModelException">What was written cannot be served.</exception>
    public async Task<ModelPart> MakeAsync(
        string mediaType, Func<string, Task> write, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.Blobs);
        var path = paths.NewTemporaryBlob();
        try
        {
            await write(path);
            if (mediaType is MediaTypes.Model or MediaTypes.Draft)
            {
                ReadWeights(path);
            }

            var (digest, isNew) = await blobs.AdoptAsync(path, _claim, cancellationToken);
            var file = ReadHeader(Find(digest));
            return new ModelPart(
                new Layer { MediaType = mediaType, Digest = digest, Size = file.FileBytes }, isNew, file);
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            DurableFile.Discard(path);
        }
    }

    /// <summary>The checked header of a GGUF file.</summary>
    /// <exception cref="ModelException">It is damaged.</exception>
    public GgufFile ReadHeader(string path) => Read(path, headers.FindFile);

    /// <summary>The checked header of weights that can be served.</summary>
    /// <exception cref="ModelException">They cannot.</exception>
    public Weights ReadWeights(string path) => Read(path, headers.FindWeights);

    /// <inheritdoc/>
    public void Dispose() => _claim.Dispose();

    private static T Read<T>(string path, Func<string, T?> read)
        where T : class
    {
        try
        {
            return read(path) ?? throw new ModelException(
                ModelErrorCode.ModelFileInvalid, detail: $"blob {Path.GetFileName(path)} does not exist");
        }
        catch (GgufException failure)
        {
            throw new ModelException(new Refusal(ModelErrorCode.RequestInvalid, null, failure.Message), failure);
        }
    }
}
