using Ollama.Platform.Inference.Engine;

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
            NativeModels.ChatPath, Target, "Q4_K_S", (_, _) => threads.Add(Environment.CurrentManagedThreadId),
            TestContext.Current.CancellationToken);

        Assert.NotEqual(caller, Assert.Single(threads));
        Assert.True(File.Exists(Target));
    }

    [Fact]
    public async Task A_canceled_work_ends_canceled_and_the_next_one_gets_its_turn()
    {
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _quantizer.QuantizeAsync(
            NativeModels.ChatPath, Target, "Q8_0", (_, _) => cancellation.Cancel(), cancellation.Token));
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
