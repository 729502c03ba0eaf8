using System.Text;
using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class ManifestFilesTests : IDisposable
{
    private const string Empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private readonly Store _store = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    private ManifestFiles Manifests => _store.Manifests;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_manifest_made_here_has_the_shape_of_Ollamas()
    {
        var digest = Digest.Parse(Empty);
        var written = await Manifests.WriteAsync(Store.Name("test"), new Manifest
        {
            Config = new Layer { MediaType = MediaTypes.Config, Digest = digest, Size = 1 },
            Layers = [new Layer { MediaType = MediaTypes.Model, Digest = digest, Size = 2, From = "base:latest" }],
        }, Aborted);

        var path = Path.Combine(_store.Paths.Root, "manifests", "registry.ollama.ai", "library", "test", "latest");
        Assert.Equal(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
            "config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"DIGEST","size":1},
            "layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"DIGEST","size":2,
            "from":"base:latest"}]}
            """.ReplaceLineEndings("").Replace("DIGEST", Empty, StringComparison.Ordinal) + "\n",
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(path, Aborted)));
        Assert.Equal(Digest.Of(await File.ReadAllBytesAsync(path, Aborted)), written.Digest);
        Assert.Equal(3, written.TotalBytes);
    }

    [Fact]
    public async Task A_manifest_is_kept_byte_for_byte()
    {
        var bytes = Encoding.UTF8.GetBytes($$"""
            { "unknown": [1, {"x": null}], "SchemaVersion": 2, "layers": null,
              "config": {"digest": "{{Empty}}", "mediaType": "m", "size": 5, "more": true} }
            """);

        await Manifests.WriteAsync(Store.Name("test"), bytes, Aborted);
        var read = Manifests.Read(Store.Name("test"));

        Assert.NotNull(read);
        Assert.Equal(bytes, read.Bytes.ToArray());
        Assert.Equal(Digest.Of(bytes), read.Digest);
        Assert.Empty(read.Manifest.Layers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"config\":null}")]
    [InlineData("{\"config\":{\"digest\":\"sha256:../../etc/passwd\"}}")]
    [InlineData("{\"config\":{\"digest\":\"" + Empty + "\",\"size\":-1}}")]
    [InlineData("{\"config\":{\"digest\":\"" + Empty + "\",\"size\":9223372036854775807}}")]
    [InlineData("{\"config\":{\"digest\":\"" + Empty + "\"},\"layers\":[null]}")]
    [InlineData("{\"config\":{\"digest\":\"" + Empty + "\"},\"layers\":[{\"size\":1}]}")]
    [InlineData("{\"config\":{\"digest\":\"" + Empty + "\"},\"layers\":7}")]
    public async Task Bytes_that_are_no_manifest_are_refused_and_left_out_of_the_list(string json)
    {
        var failure = await Assert.ThrowsAnyAsync<JsonException>(
            () => Manifests.WriteAsync(Store.Name("bad"), Encoding.UTF8.GetBytes(json), Aborted));
        Assert.Matches("^(The manifest |It is no manifest of one model: [$])", failure.Message);
        Put("registry.ollama.ai/library/bad/latest", json);
        await WriteAsync("good");

        Assert.ThrowsAny<JsonException>(() => Manifests.Read(Store.Name("bad")));
        Assert.Equal(["good:latest"], List());
    }

    [Fact]
    public async Task A_manifest_over_the_limit_is_refused()
    {
        await WriteAsync("good");
        Put("registry.ollama.ai/library/huge/latest", new string(' ', 4 * 1024 * 1024) + "{}");
        Assert.ThrowsAny<JsonException>(() => Manifests.Read(Store.Name("huge")));
        Assert.Equal(["good:latest"], List());
    }

    [Fact]
    public async Task Only_files_four_levels_deep_with_proper_names_are_models()
    {
        await WriteAsync("good");
        var json = await File.ReadAllTextAsync(_store.Paths.Manifest(Store.Name("good")), Aborted);
        Put("shallow", json);
        Put("registry.ollama.ai/library/shallow", json);
        Put("registry.ollama.ai/library/deep/er/latest", json);
        Put("registry.ollama.ai/library/.DS_Store/latest", json);
        Put("registry.ollama.ai/library/x/.hidden", json);
        Put("registry.ollama.ai/li.brary/x/latest", json);
        Put("registry.ollama.ai/library/x/a b", json);

        Assert.Equal(["good:latest"], List());
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege.");
        await WriteAsync("good");
        var library = Path.Combine(_store.Paths.Manifests, "registry.ollama.ai", "library");
        Directory.CreateSymbolicLink(Path.Combine(library, "loop"), _store.Paths.Manifests);
        Directory.CreateDirectory(Path.Combine(library, "linked"));
        File.CreateSymbolicLink(Path.Combine(library, "linked", "latest"), Path.Combine(library, "good", "latest"));

        Assert.Equal(["good:latest"], List());
        Assert.ThrowsAny<JsonException>(() => Manifests.Read(Store.Name("linked")));
    }

    [Theory]
    [InlineData("Foo:Latest", "foo")]
    [InlineData("foo", "FOO:LATEST")]
    [InlineData("Example.COM:5000/Me/foo:V1", "example.com:5000/me/FOO:v1")]
    public async Task A_name_is_found_in_any_case(string stored, string asked)
    {
        await WriteAsync(stored);
        Assert.Equal(Store.Name(stored), Manifests.Read(Store.Name(asked))?.Name);
        Assert.True(Manifests.Delete(Store.Name(asked)));
        Assert.Null(Manifests.Read(Store.Name(stored)));
    }

    [Fact]
    public async Task A_new_name_takes_each_part_from_the_spelling_that_exists()
    {
        await WriteAsync("Foo:Latest");
        Assert.Equal("Foo:Latest", (await WriteAsync("foo:latest")).Name.DisplayName);
        Assert.Equal("Foo:v2", (await WriteAsync("FOO:v2")).Name.DisplayName);
        Assert.Equal("bar:v2", (await WriteAsync("bar:V2")).Name.DisplayName);
        Assert.Equal(3, Manifests.List((_, open) => open(), Aborted).Count);
    }

    [Fact]
    public async Task The_exact_spelling_comes_first()
    {
        await WriteAsync("foo");
        var json = await File.ReadAllTextAsync(_store.Paths.Manifest(Store.Name("foo")), Aborted);
        Put("registry.ollama.ai/library/FOO/latest", json);
        var library = Path.Combine(_store.Paths.Manifests, "registry.ollama.ai", "library");
        Assert.SkipWhen(Directory.GetDirectories(library).Length < 2, "The disk ignores case.");

        Assert.Equal("FOO:latest", Manifests.Read(Store.Name("FOO"))?.Name.DisplayName);
        Assert.Equal("foo:latest", Manifests.Read(Store.Name("foo"))?.Name.DisplayName);
    }

    [Fact]
    public async Task Deleting_the_last_model_removes_the_empty_folders()
    {
        await WriteAsync("example.com/me/foo:a");
        await WriteAsync("example.com/me/foo:b");

        Assert.True(Manifests.Delete(Store.Name("example.com/me/foo:a")));
        Assert.Equal(["example.com/me/foo:b"], List());
        Assert.True(Manifests.Delete(Store.Name("example.com/me/foo:b")));
        Assert.False(Manifests.Delete(Store.Name("example.com/me/foo:b")));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Paths.Manifests));
    }

    [Fact]
    public async Task The_latest_change_comes_first()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await WriteAsync(name);
        }

        File.SetLastWriteTimeUtc(_store.Paths.Manifest(Store.Name("b")), NewYear(2030));
        File.SetLastWriteTimeUtc(_store.Paths.Manifest(Store.Name("c")), NewYear(2001));

        Assert.Equal(["b:latest", "a:latest", "c:latest"], List());
        Assert.Equal(2001, Manifests.Read(Store.Name("c"))!.ModifiedAt.Year);
    }

    [Fact]
    public async Task A_change_on_disk_is_seen_by_the_next_call()
    {
        var written = await WriteAsync("foo");
        var path = _store.Paths.Manifest(Store.Name("foo"));
        Assert.Equal(written.Digest, Manifests.Read(Store.Name("foo"))!.Digest);

        // Of the same length, within the same instant.
        await GrowAsync(path);
        Assert.Equal(7, Manifests.Read(Store.Name("foo"))!.TotalBytes);

        File.Delete(path);
        Assert.Null(Manifests.Read(Store.Name("foo")));
    }

    [Fact]
    public async Task Old_manifests_are_not_parsed_again_until_they_change()
    {
        await WriteAsync("foo");
        var path = _store.Paths.Manifest(Store.Name("foo"));
        File.SetLastWriteTimeUtc(path, NewYear(2020));

        Assert.Same(Manifests.Read(Store.Name("foo")), Manifests.Read(Store.Name("foo")));

        await GrowAsync(path);
        File.SetLastWriteTimeUtc(path, NewYear(2021));
        Assert.Equal(7, Manifests.Read(Store.Name("foo"))!.TotalBytes);
    }

    [Fact]
    public async Task Writers_and_deleters_of_neighbours_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(async () =>
        {
            for (var round = 0; round < 20; round++)
            {
                var written = await WriteAsync($"foo:t{index}");
                Assert.Equal(written.Digest, Manifests.Read(written.Name)?.Digest);
                Assert.True(Manifests.Delete(written.Name));
            }
        }, Aborted)));
        Assert.Empty(List());
        Assert.Empty(Directory.EnumerateFiles(_store.Paths.Manifests));
    }

    [Fact]
    public void A_store_that_does_not_exist_is_empty()
    {
        Assert.Empty(Manifests.List((_, open) => open(), Aborted));
        Assert.Null(Manifests.Read(Store.Name("foo")));
        Assert.False(Manifests.Delete(Store.Name("foo")));
    }

    private Task<StoredManifest> WriteAsync(string name) => Manifests.WriteAsync(
        Store.Name(name),
        new Manifest { Config = new Layer { MediaType = MediaTypes.Config, Digest = Digest.Parse(Empty), Size = 1 } },
        Aborted);

    private static DateTime NewYear(int year) => new(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static async Task GrowAsync(string path)
    {
        var json = await File.ReadAllTextAsync(path, Aborted);
        await File.WriteAllTextAsync(path, json.Replace("\"size\":1", "\"size\":7", StringComparison.Ordinal), Aborted);
    }

    private void Put(string path, string content)
    {
        var full = Path.Combine(_store.Paths.Manifests, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    private IReadOnlyList<string> List() => Manifests.List((head, _) => head.Name.DisplayName, Aborted);
}
