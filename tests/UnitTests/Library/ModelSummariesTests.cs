using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library;

public sealed class ModelSummariesTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);

    private readonly Store _store = new();
    private int _readCount;

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_manifest_is_read_once_and_by_the_next_process_not_at_all()
    {
        var manifest = await AddAsync("model");
        var first = Create(_store);
        var read = Get(first, manifest);
        Assert.Same(Get(first, manifest), Get(first, manifest));
        first.Save([manifest.Digest]);

        var next = Get(Create(_store), manifest);
        Assert.Equal(1, _readCount);
        Assert.Equal(
            (read.Name, read.ManifestDigest, read.ModifiedAt, read.TotalBytes),
            (next.Name, next.ManifestDigest, next.ModifiedAt, next.TotalBytes));
        Assert.Equal(("8B", ModelCapability.Vision), (next.Details.ParameterSize, next.Capabilities.Single()));
    }

    [Fact]
    public async Task Two_names_share_what_was_read_of_their_manifest()
    {
        var (one, summaries) = (await AddAsync("one"), Create(_store));
        var two = await _store.Manifests.WriteAsync(Store.Name("two"), one.Bytes, Aborted);
        Assert.Equal("one:latest", Get(summaries, one).Name.DisplayName);
        Assert.Equal("two:latest", Get(summaries, two).Name.DisplayName);
        Assert.Equal(1, _readCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Weights_that_change_or_go_are_noticed_by_this_process_and_the_next(bool isNextProcess)
    {
        var (manifest, summaries) = (await AddAsync("model"), Create(_store));
        var weights = _store.Paths.Blob(manifest.Manifest.Layers[0].Digest);
        Get(summaries, manifest);
        summaries.Save([manifest.Digest]);
        File.SetLastWriteTimeUtc(weights, LongAgo.AddDays(1));
        Get(summaries = isNextProcess ? Create(_store) : summaries, manifest);
        Assert.Equal(2, _readCount);

        summaries.Save([manifest.Digest]);
        File.Delete(weights);
        Get(isNextProcess ? Create(_store) : summaries, manifest);
        Assert.Equal(3, _readCount);
    }

    [Fact]
    public async Task The_next_process_looks_at_every_blob()
    {
        var (manifest, summaries) = (await AddAsync("model"), Create(_store));
        Get(summaries, manifest);
        summaries.Save([manifest.Digest]);
        File.Delete(_store.Paths.Blob(manifest.Manifest.Config.Digest));
        Get(Create(_store), manifest);
        Assert.Equal(2, _readCount);
    }

    [Fact]
    public async Task A_file_that_may_still_change_within_its_time_is_read_again()
    {
        var time = new ManualTimeProvider();
        var (manifest, summaries) = (await AddAsync("model"), Create(_store, time: time));
        File.SetLastWriteTimeUtc(
            _store.Paths.Blob(manifest.Manifest.Layers[0].Digest), time.GetUtcNow().UtcDateTime);
        Get(summaries, manifest);
        time.Advance(TimeSpan.FromSeconds(2));
        Get(summaries, manifest);
        Assert.Equal(2, _readCount);

        time.Advance(TimeSpan.FromTicks(1));
        Get(summaries, manifest);
        Get(summaries, manifest);
        Assert.Equal(3, _readCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"Reader":null,"Models":null}""")]
    [InlineData("""{"Reader":"another program","Models":[]}""")]
    public async Task A_file_that_says_nothing_is_replaced(string content)
    {
        var manifest = await AddAsync("model");
        await File.WriteAllTextAsync(_store.Paths.Summaries, content, Aborted);
        var summaries = Create(_store);
        Get(summaries, manifest);
        summaries.Save([manifest.Digest]);
        Get(Create(_store), manifest);
        Assert.Equal(1, _readCount);
    }

    [Fact]
    public async Task What_another_program_read_is_read_again()
    {
        var (manifest, summaries) = (await AddAsync("model"), Create(_store));
        Get(summaries, manifest);
        summaries.Save([manifest.Digest]);
        Get(Create(_store, goTemplates: true), manifest);
        Assert.Equal(2, _readCount);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_costs_the_reading_and_nothing_else()
    {
        var (manifest, summaries) = (await AddAsync("model"), Create(_store));
        Directory.CreateDirectory(_store.Paths.Summaries + ".tmp");
        Get(summaries, manifest);
        summaries.Save([manifest.Digest]);
        Assert.False(File.Exists(_store.Paths.Summaries));
    }

    [Fact]
    public async Task What_another_process_keeps_from_being_written_is_written_by_the_next_list()
    {
        var (manifest, summaries) = (await AddAsync("model"), Create(_store));
        Get(summaries, manifest);
        using (new FileStream(
            _store.Paths.Summaries + ".tmp", FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            summaries.Save([manifest.Digest]);
            Assert.False(File.Exists(_store.Paths.Summaries));
        }

        summaries.Save([manifest.Digest]);
        Get(Create(_store), manifest);
        Assert.Equal(1, _readCount);
    }

    [Fact]
    public void A_long_list_is_read_once_and_what_it_has_no_more_is_forgotten()
    {
        var summaries = Create(_store);
        List<StoredManifest> all = [.. Enumerable.Range(0, 5000).Select(Absent)];
        all.ForEach(manifest => Get(summaries, manifest));
        summaries.Save(all.Select(manifest => manifest.Digest));
        all.ForEach(manifest => Get(summaries, manifest));
        Assert.Equal(5000, _readCount);

        Get(summaries, Absent(5000));
        summaries.Save([Absent(5000).Digest, .. all[1..].Select(manifest => manifest.Digest)]);
        Get(summaries, all[0]);
        Get(summaries, all[1]);
        Assert.Equal(5002, _readCount);
    }

    [Fact]
    public void Of_a_model_of_very_many_files_little_is_kept()
    {
        var (summaries, few) = (Create(_store), Absent(1));
        var blobs = Enumerable.Range(2, 256).Select(number => Absent(number).Manifest.Config).ToList();
        var many = few with { Manifest = few.Manifest with { Layers = blobs } };
        Get(summaries, many);
        summaries.Save([many.Digest]);
        Get(summaries, many);
        Get(Create(_store), many);
        Assert.Equal(1, _readCount);
        Assert.InRange(new FileInfo(_store.Paths.Summaries).Length, 1, 2000);
    }

    [Fact]
    public void What_is_known_is_told_without_the_manifest_and_one_that_has_gone_is_left_out()
    {
        var (summaries, manifest) = (Create(_store), Absent(1));
        Assert.Null(summaries.Get(manifest.Head, () => null, Read));
        Get(summaries, manifest);
        Assert.NotNull(summaries.Get(manifest.Head, () => throw new IOException("It is read again."), Read));
        Assert.Equal(1, _readCount);
    }

    /// <summary>What a process that starts on a store knows of its models.</summary>
    internal static ModelSummaries Create(
        Store store, bool? goTemplates = null, TimeProvider? time = null) => new(
        store.Paths,
        new SummaryFile(
            store.Paths, Options.Create(new LocalLibraryOptions { GoTemplates = goTemplates }),
            NullLogger<SummaryFile>.Instance),
        time ?? TimeProvider.System);

    private ModelSummary Get(ModelSummaries summaries, StoredManifest manifest) => summaries.Get(
        manifest.Head, () => manifest, Read)!;

    private ModelSummary Read(StoredManifest stored)
    {
        _readCount++;
        return new ModelSummary
        {
            Name = stored.Name,
            ManifestDigest = stored.Digest,
            ModifiedAt = stored.ModifiedAt,
            TotalBytes = stored.TotalBytes,
            Details = new ModelDetails { ParameterSize = "8B" },
            Capabilities = [ModelCapability.Vision],
        };
    }

    /// <summary>A manifest whose blobs are not here.</summary>
    private static StoredManifest Absent(int number)
    {
        var digest = Digest.Of(BitConverter.GetBytes(number));
        var config = new Layer { MediaType = MediaTypes.Config, Digest = digest, Size = 1 };
        return new StoredManifest(
            Store.Name($"model{number}"), digest, new Manifest { Config = config }, default, LongAgo);
    }

    private async Task<StoredManifest> AddAsync(string name)
    {
        var manifest = await _store.Manifests.WriteAsync(
            Store.Name(name),
            new Manifest
            {
                Config = await _store.AddAsync(MediaTypes.Config, new ModelConfig().ToJson(), Aborted),
                Layers = [await _store.AddAsync(MediaTypes.Model, Encoding.UTF8.GetBytes(name), Aborted)],
            },
            Aborted);
        foreach (var digest in manifest.Manifest.Digests)
        {
            File.SetLastWriteTimeUtc(_store.Paths.Blob(digest), LongAgo);
        }

        return manifest;
    }
}
