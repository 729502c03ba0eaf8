using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Makes parts of a model of uploaded files: GGUF, whole or split, and safetensors.</summary>
internal sealed class UploadedFiles(IEnumerable<IWeightsConversion> conversions)
{
    private const string Safetensors = ".safetensors";
    private const string Gguf = ".gguf";

    /// <summary>The weights, projectors and adapters that the files of a model hold.</summary>
    public Task<IReadOnlyList<ModelPart>> ReadModelAsync(
        IReadOnlyList<CreationFile> files, PartStore store, StepReport report, CancellationToken cancellationToken) =>
        IsSafetensors(files, store)
            ? ConvertAsync(files, MediaTypes.Model, null, store, report, cancellationToken)
            : ReadGgufAsync(files, KindOf, store, report, cancellationToken);

    /// <summary>The weights of a draft model.</summary>
    public Task<IReadOnlyList<ModelPart>> ReadDraftAsync(
        IReadOnlyList<CreationFile> files, PartStore store, StepReport report, CancellationToken cancellationToken) =>
        IsSafetensors(files, store)
            ? ConvertAsync(files, MediaTypes.Draft, null, store, report, cancellationToken)
            : ReadGgufAsync(files, _ => MediaTypes.Draft, store, report, cancellationToken);

    /// <summary>The adapters for the weights: each GGUF file is one, and each folder of safetensors.</summary>
    public async Task<IReadOnlyList<ModelPart>> ReadAdaptersAsync(
        IReadOnlyList<CreationFile> files, ModelPart? weights, PartStore store, StepReport report,
        CancellationToken cancellationToken)
    {
        var parts = new List<ModelPart>();
        foreach (var folder in files.GroupBy(file => file.Path[..(file.Path.LastIndexOf('/') + 1)]))
        {
            var own = folder.Select(file => file with { Path = file.Path[folder.Key.Length..] }).ToList();
            if (IsSafetensors(own, store))
            {
                var basePath = weights is null ? throw NoBase() : store.Find(weights.Layer.Digest);
                parts.AddRange(
                    await ConvertAsync(own, MediaTypes.Adapter, basePath, store, report, cancellationToken));
            }
            else
            {
                parts.AddRange(await ReadGgufAsync(own, AdapterOnly, store, report, cancellationToken));
            }
        }

        return parts.Count > 0 ? parts : throw Invalid("no files provided to convert");
    }

    /// <summary>There are no weights among all that was named.</summary>
    public static ModelException NoBase() =>
        new(ModelErrorCode.ModelFileInvalid, detail: "no base model was found");

    private static bool IsSafetensors(IReadOnlyList<CreationFile> files, PartStore store)
    {
        if (files.Count == 0)
        {
            throw Invalid("no files provided to convert");
        }

        if (files.Any(file => file.Path.EndsWith(Safetensors, StringComparison.Ordinal)))
        {
            return true;
        }

        return files.Any(file => file.Path.EndsWith(Gguf, StringComparison.Ordinal))
            || files.Any(file => BeginsLikeGguf(store.Find(file.Digest)))
            ? false
            : throw Invalid("unknown type");
    }

    private static async Task<IReadOnlyList<ModelPart>> ReadGgufAsync(
        IReadOnlyList<CreationFile> files, Func<GgufFile, string> kindOf, PartStore store, StepReport report,
        CancellationToken cancellationToken)
    {
        var (parts, split) = (new List<ModelPart>(), new List<SplitPart>());
        foreach (var uploaded in files)
        {
            await report(new TransferProgress("parsing GGUF"), cancellationToken);
            var path = store.Find(uploaded.Digest);
            if (!BeginsLikeGguf(path))
            {
                throw Invalid("supplied file was not in GGUF format");
            }

            var file = store.ReadHeader(path);
            if (SplitParts.IsPart(file))
            {
                split.Add(new SplitPart(Path.GetFileName(uploaded.Path), path, file));
                continue;
            }

            var kind = kindOf(file);
            if (kind is MediaTypes.Model or MediaTypes.Draft)
            {
                await report(new TransferProgress("validating GGUF model"), cancellationToken);
                store.ReadWeights(path);
            }

            parts.Add(PartStore.Take(kind, uploaded.Digest, file));
        }

        if (split.Count > 0)
        {
            await report(new TransferProgress("validating GGUF model"), cancellationToken);
            parts.Insert(0, await JoinAsync(split, kindOf, store, cancellationToken));
        }

        return parts;
    }

    private static async Task<ModelPart> JoinAsync(
        List<SplitPart> split, Func<GgufFile, string> kindOf, PartStore store, CancellationToken cancellationToken)
    {
        try
        {
            var ordered = SplitParts.Order(split);
            return await store.MakeAsync(
                kindOf(ordered[0].File),
                path => GgufJoiner.WriteAsync(ordered, path, cancellationToken),
                cancellationToken);
        }
        catch (GgufException failure)
        {
            throw Invalid(failure.Message);
        }
    }

    private async Task<IReadOnlyList<ModelPart>> ConvertAsync(
        IReadOnlyList<CreationFile> files, string mediaType, string? basePath, PartStore store, StepReport report,
        CancellationToken cancellationToken)
    {
        var conversion = conversions.FirstOrDefault() ?? throw new ModelException(
            ModelErrorCode.Unsupported, detail: "safetensors files cannot be converted by this server");
        var isAdapter = mediaType == MediaTypes.Adapter;
        await report(new TransferProgress(isAdapter ? "converting adapter" : "converting model"), cancellationToken);
        var source = new ConversionSource(
            files.ToDictionary(file => file.Path, file => store.Find(file.Digest)), isAdapter, basePath);
        return
        [
            await store.MakeAsync(mediaType, WriteAsync, cancellationToken),
        ];

        async Task WriteAsync(string path)
        {
            await conversion.ConvertAsync(source, path, report, cancellationToken);
            await report(new TransferProgress("verifying conversion"), cancellationToken);
        }
    }

    private static string KindOf(GgufFile file) => file.FindText("general.type") switch
    {
        "adapter" => MediaTypes.Adapter,
        "mmproj" or "projector" => MediaTypes.Projector,
        _ => file.Architecture == "clip" ? MediaTypes.Projector : MediaTypes.Model,
    };

    private static string AdapterOnly(GgufFile file) => KindOf(file) == MediaTypes.Adapter
        ? MediaTypes.Adapter
        : throw Invalid("supplied file was not an adapter");

    private static bool BeginsLikeGguf(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        using var file = File.OpenHandle(path);
        return RandomAccess.Read(file, magic, 0) == magic.Length && magic.SequenceEqual("GGUF"u8);
    }

    private static ModelException Invalid(string detail) => new(ModelErrorCode.RequestInvalid, detail: detail);
}
