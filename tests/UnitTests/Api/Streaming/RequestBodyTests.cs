using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.UnitTests.Api.Streaming;

public sealed class RequestBodyTests
{
    [Fact]
    public async Task A_connection_that_breaks_off_leaves_an_incomplete_body()
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new BrokenStream();
        var exception = await Assert.ThrowsAsync<ApiException>(
            () => RequestBody.ReadAsync(context, 100, TestContext.Current.CancellationToken));
        Assert.Equal(ApiErrorCode.BodyIncomplete, exception.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(3_000_000)]
    public async Task Every_byte_is_read(int length)
    {
        var body = new byte[length];
        new Random(1).NextBytes(body);
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(body);
        Assert.Equal(body, await RequestBody.ReadAsync(context, length, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_announced_length_is_not_trusted_with_memory()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = int.MaxValue;
        context.Request.Body = new MemoryStream([1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var body = await RequestBody.ReadAsync(context, int.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(3, body.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");
    }
}
