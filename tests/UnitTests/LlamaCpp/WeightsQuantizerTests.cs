using Ollama.Platform.Inference.Engine;
using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class WeightsQuantizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("quantizer-").FullName;
    private readonly LlamaWeightsQuantizer _quantizer = new(libraryPath: null);

    private string Target => Path.Combine(_folder, "target.gguf");

    public void Dispose()
    {
        _quantizer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_works_off_the_thread_of_the_caller()
    {
        var caller = Environment.CurrentManagedThreadId;
        var threads = new HashSet<int>();

        await _quantizer.QuantizeAsync(
            NativeModels.ChatPath, Target, "Q4_K_S", _ => threads.Add(Environment.CurrentManagedThreadId),
            TestContext.Current.CancellationToken);

        Assert.NotEqual(caller, Assert.Single(threads));
        Assert.True(File.Exists(Target));
    }

    [Fact]
    public async Task Progress_is_told_in_bytes_of_the_source()
    {
        var told = new List<long>();

        await _quantizer.QuantizeAsync(
            NativeModels.ChatPath, Target, "Q8_0", told.Add, TestContext.Current.CancellationToken);

        // The file has a header besides, and each of its tensors is told to a hundredth of a MiB.
        var size = new FileInfo(NativeModels.ChatPath).Length;
        Assert.Equal(told.Order(), told);
        Assert.InRange(told[^1], size * 0.9, size);
        Assert.Contains(told, done => done > size / 10 && done < size / 2);
    }

    [Theory]
    [InlineData("[   1/  56] a - [4, 4, 1, 1], type = f16, converting to q4_K .. size =  8.00 MiB ->  2.25 MiB", 8.0)]
    [InlineData("[  56/  56] b - [  4, 1, 1, 1], type =    f32, size =    0.500 MiB", 0.5)]
    [InlineData("model size  =   100.00 MiB (16.00 BPW)", null)]
    [InlineData("[   1/  56] a - size = many MiB", null)]
    [InlineData("[   1/  56] a - size = 8.00", null)]
    [InlineData("[   1/  56] a - size = -8.00 MiB", null)]
    public void What_a_tensor_took_is_read_from_its_line(string line, double? mebibytes)
    {
        Assert.Equal(mebibytes is not null, LlamaQuantizer.TryReadTensor(line, out var bytes));
        Assert.Equal((mebibytes ?? 0) * 1024 * 1024, bytes);
    }

    [Fact]
    public async Task A_canceled_work_ends_canceled_and_the_next_one_gets_its_turn()
    {
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _quantizer.QuantizeAsync(
            NativeModels.ChatPath, Target, "Q8_0", _ => cancellation.Cancel(), cancellation.Token));
        Assert.False(File.Exists(Target));

        await _quantizer.QuantizeAsync(
            NativeModels.ChatPath, Target, "Q8_0", null, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(Target));
    }

    [Theory]
    [InlineData("Q9_9")]
    [InlineData("7")]
    public async Task An_unknown_type_is_refused(string type)
    {
        var refusal = await Assert.ThrowsAsync<QuantizationException>(() => _quantizer.QuantizeAsync(
            NativeModels.ChatPath, Target, type, null, TestContext.Current.CancellationToken));

        Assert.Equal($"The type {type} is not known.", refusal.Message);
    }

    [Fact]
    public async Task A_source_that_the_library_refuses_is_told()
    {
        var source = Path.Combine(_folder, "broken.gguf");
        await File.WriteAllTextAsync(source, "nothing", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<QuantizationException>(() => _quantizer.QuantizeAsync(
            source, Target, "Q8_0", null, TestContext.Current.CancellationToken));

        Assert.NotEmpty(refusal.Message);
        Assert.False(File.Exists(Target));
    }
}
