using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llama-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_loaded_model_tells_its_sizes_and_metadata()
    {
        using var model = NativeModels.LoadChat();

        Assert.Equal("llama", model.Metadata["general.architecture"]);
        Assert.Equal(2048, model.ContextTokensTrained);
        Assert.Equal(4, model.LayerCount);
        Assert.Equal(256, model.EmbeddingLength);
        // 4 layers, 2 heads of 64 for keys and as many for values, 2 bytes each.
        Assert.Equal(4 * 2 * 128 * 2, model.CacheCellBytes);
        Assert.Equal(2_754_816, model.ParameterCount);
        Assert.Equal("F16", model.FileType);
        Assert.Contains("llama", model.Description, StringComparison.Ordinal);
        Assert.True(model is { HasDecoder: true, HasEncoder: false, HasRecurrentState: false, IsDiffusion: false });
        Assert.True(model.IsCausal);
        Assert.InRange(model.Memory.TotalBytes, model.TensorBytes - (1 << 16), model.TensorBytes + (1 << 20));
        Assert.Equal(int.MaxValue, model.PositionsMax);
    }

    [Fact]
    public void Progress_ends_at_one()
    {
        var progress = new Progress();

        using var model = Load(NativeModels.ChatPath, progress);

        Assert.True(progress.Fractions.Count > 1);
        Assert.Equal(1f, progress.Fractions[^1]);
        Assert.Equal(progress.Fractions.Order(), progress.Fractions);
    }

    [Fact]
    public void Cancellation_while_reading_ends_the_load()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Progress(_ => cancellation.Cancel());

        Assert.Throws<OperationCanceledException>(() => LlamaModel.Load(
            NativeModels.Library, NativeModels.ChatPath, new LlamaModelOptions(), progress, cancellation.Token));
        Assert.Single(progress.Fractions);
    }

    [Fact]
    public void A_listener_that_throws_ends_the_load_and_its_exception_is_kept()
    {
        var failure = new InvalidOperationException("listener");
        var progress = new Progress(_ => throw failure);

        Assert.Same(failure,
            Assert.Throws<LlamaLoadException>(() => Load(NativeModels.ChatPath, progress)).InnerException);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(_folder, "none.gguf");

        Assert.Equal($"{path} does not exist.", Assert.Throws<LlamaLoadException>(() => Load(path)).Message);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_with_the_librarys_reason()
    {
        var path = Path.Combine(_folder, "junk.gguf");
        File.WriteAllText(path, "This is not a model.");

        Assert.Contains("magic", Assert.Throws<LlamaLoadException>(() => Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused_with_the_librarys_reason()
    {
        var path = Path.Combine(_folder, "half.gguf");
        var bytes = File.ReadAllBytes(NativeModels.ChatPath);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        var message = Assert.Throws<LlamaLoadException>(() => Load(path)).Message;

        Assert.Contains("not within the file bounds", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_can_be_read_without_the_weights()
    {
        using var model = LlamaModel.Load(
            NativeModels.Library,
            NativeModels.ChatPath,
            new LlamaModelOptions { HeaderOnly = true },
            null,
            TestContext.Current.CancellationToken);

        Assert.Equal(4, model.LayerCount);
        Assert.True(model.TensorBytes > 5_000_000);
    }

    [Fact]
    public void A_model_is_freed_with_the_last_context_that_uses_it()
    {
        var model = NativeModels.LoadChat();
        var context = NativeModels.CreateContext(model);
        var tokens = model.Vocabulary.Tokenize(NativeModels.Question, true, true);
        model.Dispose();

        Assert.NotEmpty(Greedy.Complete(context, tokens, sequence: 0, tokensMax: 4));
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.LayerCount);
        Assert.Throws<ObjectDisposedException>(() => LlamaContext.Create(model,
            new LlamaContextOptions { CellCount = 8 }));
    }

    [Fact]
    public void An_adapter_that_is_none_is_refused()
    {
        using var model = NativeModels.LoadChat();

        var missing =
            Assert.Throws<LlamaLoadException>(() => LlamaAdapter.Load(model, Path.Combine(_folder, "a.gguf")));
        var wrong = Assert.Throws<LlamaLoadException>(() => LlamaAdapter.Load(model, NativeModels.EmbedPath));

        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Contains("adapter", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quantized_copy_is_smaller_and_still_answers()
    {
        var path = Path.Combine(_folder, "q8_0.gguf");

        LlamaQuantizer.Quantize(NativeModels.Library, NativeModels.ChatPath, path, LlamaFileType.Q8_0, 1, null,
            TestContext.Current.CancellationToken);

        using var model = Load(path);
        using var context = NativeModels.CreateContext(model);
        Assert.Equal("Q8_0", model.FileType);
        Assert.True(new FileInfo(path).Length < new FileInfo(NativeModels.ChatPath).Length * 2 / 3);
        Assert.Equal(NativeModels.Answer, Greedy.Answer(context, model, NativeModels.Question, sequence: 0));
        Assert.Throws<LlamaLoadException>(() => LlamaQuantizer.Quantize(
            NativeModels.Library, Path.Combine(_folder, "none"), path, LlamaFileType.Q8_0, 1, null,
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Quantizing_tells_each_tensor()
    {
        var steps = new List<long>();

        LlamaQuantizer.Quantize(
            NativeModels.Library, NativeModels.ChatPath, Path.Combine(_folder, "q4_k_m.gguf"), LlamaFileType.Q4_K_M, 1,
            steps.Add, TestContext.Current.CancellationToken);

        Assert.Equal(38, steps.Count);
        Assert.Equal(steps.Order(), steps);
    }

    [Fact]
    public void Quantizing_that_is_canceled_ends_at_once_and_leaves_no_file()
    {
        var path = Path.Combine(_folder, "canceled.gguf");
        using var cancellation = new CancellationTokenSource();
        var steps = new List<long>();

        Assert.Throws<OperationCanceledException>(() => LlamaQuantizer.Quantize(
            NativeModels.Library, NativeModels.ChatPath, path, LlamaFileType.Q4_K_M, 1,
            done =>
            {
                steps.Add(done);
                cancellation.Cancel();
            },
            cancellation.Token));

        // The first write after it fails, which ends the library's loop.
        Assert.InRange(steps.Count, 1, 3);
        Assert.False(File.Exists(path));
    }

    private static LlamaModel Load(string path, IProgress<float>? progress = null) => LlamaModel.Load(
        NativeModels.Library, path, new LlamaModelOptions(), progress, TestContext.Current.CancellationToken);

    private sealed class Progress(Action<float>? listener = null) : IProgress<float>
    {
        public List<float> Fractions { get; } = [];

        public void Report(float value)
        {
            Fractions.Add(value);
            listener?.Invoke(value);
        }
    }
}
