using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.UnitTests.BlobStore;

namespace Ollama.Platform.UnitTests.Library.Creation;

public sealed class SplitFilesTests : IDisposable
{
    private readonly Workshop _workshop = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public async Task The_parts_become_the_file_that_was_split_in_any_order()
    {
        var (first, second) = (Part(0, "token_embd.weight"), Part(1, "output_norm.weight"));

        var said = await _workshop.RunAsync(Workshop.Request("new") with
        {
            Files =
            [
                await _workshop.UploadAsync("dir/m-00002-of-00002.gguf", second),
                await _workshop.UploadAsync("dir/m-00001-of-00002.gguf", first),
            ],
        });

        Assert.Equal(["parsing GGUF", "parsing GGUF", "validating GGUF model"], said[..3]);
        Assert.StartsWith("creating new layer sha256:", said[3], StringComparison.Ordinal);
        var whole = GgufBuilder.Model();
        Assert.Equal(
            Filled(whole, 1, 2),
            await File.ReadAllBytesAsync(
                _workshop.Store.Paths.Blob(_workshop.Manifest("new").Find(MediaTypes.Model)!.Digest), Aborted));
    }

    [Theory]
    [InlineData("m-00001-of-00002.gguf", "m.gguf", "must end in")]
    [InlineData("m-00002-of-00002.gguf", "m-00001-of-00002.gguf", "it was sent as part")]
    [InlineData("m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "it was sent as part")]
    [InlineData("m-00001-of-00002.gguf", "n-00002-of-00002.gguf", "it was sent as part")]
    [InlineData("m-00001-of-00002.gguf", null, "part 1 of 2; it was sent as part 1 of 1")]
    public async Task Parts_that_do_not_belong_together_are_refused(string first, string? second, string message)
    {
        var files = new List<CreationFile> { await _workshop.UploadAsync(first, Part(0, "token_embd.weight")) };
        if (second is not null)
        {
            files.Add(await _workshop.UploadAsync(second, Part(1, "output_norm.weight")));
        }

        var failure = await Assert.ThrowsAsync<ModelException>(
            () => _workshop.RunAsync(Workshop.Request("bad") with { Files = files }));

        Assert.Equal(ModelErrorCode.RequestInvalid, failure.Refusal.Code);
        Assert.Contains(message, failure.Refusal.Detail, StringComparison.Ordinal);
    }

    private static byte[] Part(int index, string tensor)
    {
        var part = index == 0 ? GgufBuilder.Model().WithoutTensors() : new GgufBuilder();
        part.Add("split.no", (uint)index).Add("split.count", 2u).Add("split.tensors.count", 2u);
        return Filled(part.Tensor(tensor, index == 0 ? [8, 3] : [8], index == 0 ? 1u : 0u), (byte)(index + 1));
    }

    /// <summary>Gives each tensor bytes of its own.</summary>
    private static byte[] Filled(GgufBuilder builder, params byte[] fillings)
    {
        var bytes = builder.Build();
        var file = GgufFile.Read(new MemoryStream(bytes));
        foreach (var (tensor, filling) in file.Tensors.Zip(fillings))
        {
            bytes.AsSpan((int)(file.DataOffset + tensor.Offset), (int)tensor.Bytes).Fill(filling);
        }

        return bytes;
    }
}
