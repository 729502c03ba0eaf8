using System.Text;
using System.Threading.Channels;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaLogTests
{
    [Fact]
    public void Pieces_become_lines_with_the_level_of_the_first_piece()
    {
        using var log = new LlamaLogCapture();

        Append(LlamaLogLevel.Error, "one ");
        Append(LlamaLogLevel.Continuation, "and ");
        Append(LlamaLogLevel.Continuation, "two\n");
        Append(LlamaLogLevel.Info, "three\n\nfour\n");
        Append(LlamaLogLevel.Continuation, ".");
        Append(LlamaLogLevel.Continuation, "\n");

        Assert.Equal(
            [
                new LlamaLogLine(LlamaLogLevel.Error, "one and two"),
                new LlamaLogLine(LlamaLogLevel.Info, "three"),
                new LlamaLogLine(LlamaLogLevel.Info, "four"),
                new LlamaLogLine(LlamaLogLevel.Info, "."),
            ],
            log.Lines);
    }

    [Fact]
    public void Bytes_that_are_no_text_and_endless_lines_do_no_harm()
    {
        using var log = new LlamaLogCapture();

        LlamaLog.Append(LlamaLogLevel.Info, [0xFF, 0xFE, (byte)'\n']);
        for (var piece = 0; piece < 100; piece++)
        {
            Append(LlamaLogLevel.Continuation, new string('x', 1000));
        }

        Append(LlamaLogLevel.Continuation, "\n");

        Assert.Equal(2, log.Lines.Count);
        Assert.InRange(log.Lines[1].Text.Length, 1, 16 * 1024);
    }

    [Fact]
    public void An_abort_tells_the_errors_that_its_thread_logged_just_before()
    {
        string? told = null;
        var thread = new Thread(() =>
        {
            foreach (var number in Enumerable.Range(1, 6))
            {
                Append(LlamaLogLevel.Error, $"  error {number}\n");
            }

            Append(LlamaLogLevel.Warning, "a warning\n");
            told = LlamaLog.DescribeAbort("ggml-cuda.cu:108: CUDA error");
        });
        thread.Start();
        thread.Join();

        Assert.Equal("ggml-cuda.cu:108: CUDA error (error 3; error 4; error 5; error 6)", told);
    }

    [Fact]
    public void An_abort_without_errors_tells_its_place()
    {
        string? told = null;
        var thread = new Thread(() => told = LlamaLog.DescribeAbort("ggml.c:1: boom"));
        thread.Start();
        thread.Join();

        Assert.Equal("ggml.c:1: boom", told);
    }

    [Fact]
    public void A_capture_has_the_lines_of_its_own_thread_only()
    {
        using var log = new LlamaLogCapture();
        var other = new Thread(() => Append(LlamaLogLevel.Error, "elsewhere\n"));
        other.Start();
        other.Join();

        Append(LlamaLogLevel.Error, "here\n");

        Assert.Equal("here", Assert.Single(log.Lines).Text);
    }

    [Fact]
    public void Errors_are_told_without_the_names_of_native_functions()
    {
        using var log = new LlamaLogCapture();

        Append(LlamaLogLevel.Info, "llama_load: fine\n");
        Append(LlamaLogLevel.Error, "llama_load: bad magic: GGML\n");
        Append(LlamaLogLevel.Error, "llama_load: bad magic: GGML\n");
        Append(LlamaLogLevel.Error, "cannot: continue\n");

        Assert.Equal("bad magic: GGML; continue", log.DescribeErrors("nothing"));
        Assert.Equal("nothing", new LlamaLogCapture().DescribeErrors("nothing"));
    }

    [Fact]
    public async Task A_reader_gets_lines_until_it_is_removed()
    {
        var lines = Channel.CreateBounded<LlamaLogLine>(16);
        var mark = Guid.NewGuid().ToString();
        NativeModels.Library.AddLogReader(lines.Writer);
        Append(LlamaLogLevel.Warning, $"{mark} first\n");
        NativeModels.Library.RemoveLogReader(lines.Writer);
        Append(LlamaLogLevel.Warning, $"{mark} second\n");
        lines.Writer.Complete();

        var read = new List<string>();
        await foreach (var line in lines.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            // Other tests load models meanwhile.
            if (line.Text.StartsWith(mark, StringComparison.Ordinal))
            {
                read.Add(line.Text);
            }
        }

        Assert.Equal([$"{mark} first"], read);
    }

    [Theory]
    [InlineData("load_tensors:   CPU_Mapped model buffer size =     5.26 MiB", 5_515_509, 0)]
    [InlineData("load_tensors:        CUDA0 model buffer size =   100.00 MiB", 0, 104_857_600)]
    [InlineData("llama_context:  CUDA_Host  output buffer size =     0.50 MiB", 524_288, 0)]
    [InlineData("llama_kv_cache:      Vulkan1 KV buffer size =     2.00 MiB", 0, 2_097_152)]
    [InlineData("load_tensors:   CPU_REPACK model buffer size =     1.00 MiB", 1_048_576, 0)]
    [InlineData("~llama_context:        CPU compute buffer size is  12.5118 MiB, matches", 0, 0)]
    [InlineData("something: CPU buffer size = NaN MiB", 0, 0)]
    [InlineData("something: CPU buffer size = ", 0, 0)]
    [InlineData("", 0, 0)]
    public void Buffers_are_counted_where_they_lie(string line, long hostBytes, long gpuBytes) =>
        Assert.Equal(new MemoryUse(hostBytes, gpuBytes), MemoryUse.Read([new LlamaLogLine(LlamaLogLevel.Info, line)]));

    private static void Append(LlamaLogLevel level, string piece) =>
        LlamaLog.Append(level, Encoding.UTF8.GetBytes(piece));
}
