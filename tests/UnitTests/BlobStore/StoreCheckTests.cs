using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Upkeep;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class StoreCheckTests : IDisposable
{
    private readonly Store _store = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_whole_store_has_no_findings()
    {
        await AddAsync("one", "weights");
        await AddAsync("two", "weights");
        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Each_damage_is_found_and_names_the_models()
    {
        var flipped = await AddAsync("one", "flipped");
        await AddAsync("two", "flipped");
        var missing = await AddAsync("three", "missing");
        await AddAsync("half", "half");
        await _store.AddAsync("", "unneeded"u8.ToArray(), Aborted);
        await File.WriteAllTextAsync(_store.Paths.NewTemporaryBlob(), "unfinished", Aborted);
        var bytes = await File.ReadAllBytesAsync(_store.Paths.Blob(flipped.Digest), Aborted);
        bytes[3] ^= 0x10;
        await File.WriteAllBytesAsync(_store.Paths.Blob(flipped.Digest), bytes, Aborted);
        File.Delete(_store.Paths.Blob(missing.Digest));
        await File.WriteAllTextAsync(_store.Paths.Manifest(Store.Name("half")), "{\"schemaVer", Aborted);

        var findings = await CheckAsync();

        Assert.Equal(
            [
                "ManifestDamaged half:latest", "BlobDamaged one:latest two:latest", "BlobMissing three:latest",
                // The damaged manifest needed this one.
                "Unneeded", "Unneeded", "Unfinished",
            ],
            findings.Select(finding => string.Join(
                ' ', finding.Models.Select(name => name.DisplayName).Order().Prepend(finding.Kind.ToString())))
                .OrderBy(text => Enum.Parse<StoreFindingKind>(text.Split(' ')[0]) switch
                {
                    StoreFindingKind.BlobDamaged => 1,
                    StoreFindingKind.BlobMissing => 2,
                    StoreFindingKind.ManifestDamaged => 0,
                    var kind => (int)kind,
                }));
        Assert.Equal(3, findings.Count(finding => finding.IsDamage));
    }

    private async Task<Layer> AddAsync(string name, string content)
    {
        var layer = await _store.AddAsync(MediaTypes.Model, System.Text.Encoding.UTF8.GetBytes(content), Aborted);
        await _store.Writer.WriteAsync(Store.Name(name), new Manifest { Config = layer }, null, Aborted);
        return layer;
    }

    private async Task<List<StoreFinding>> CheckAsync()
    {
        var findings = new List<StoreFinding>();
        await foreach (var finding in new StoreCheck(_store.Paths, _store.Manifests).CheckAsync(Aborted))
        {
            findings.Add(finding);
        }

        return findings;
    }
}
