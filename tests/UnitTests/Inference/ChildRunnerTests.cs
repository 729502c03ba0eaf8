using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Runner.Child;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>The runner behind a stream of bytes, as in a process of its own.</summary>
public sealed class ChildRunnerTests : RunnerTextConformance
{
    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    internal override Task<IModelRunner> LoadAsync(IEngineLoader engines, RunnerSetup setup)
    {
        var launcher = new MemoryLauncher(stream => new RunnerSession(
            new StreamPipe(stream), (_, _) => engines, TimeProvider.System, setup.Observer).RunAsync());
        return Loader(launcher, engines, setup).LoadAsync(setup.Specification, setup.Progress, setup.Abort);
    }

    public static TheoryData<string> Hostilities =>
        ["nothing", "zeros", "noise", "a huge frame", "half a frame", "another build", "another's frames"];

    [Theory]
    [MemberData(nameof(Hostilities))]
    public async Task Whatever_a_process_says_instead_of_loading_it_is_a_failed_load(string hostility)
    {
        var launcher = new MemoryLauncher(async stream =>
        {
            await stream.WriteAsync(BytesOf(hostility), Aborted);
            await stream.DisposeAsync();
        });
        var loader = Loader(launcher, new ScriptedEngineLoader(), new RunnerSetup());
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => loader.LoadAsync(new RunnerSetup().Specification, null, Aborted));
        Assert.Equal(ModelErrorCode.LoadFailed, refused.Refusal.Code);
        Assert.Equal(1, launcher.DisposedCount);
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("a huge frame")]
    [InlineData("half a frame")]
    [InlineData("another's frames")]
    [InlineData("wrong answers")]
    public async Task Whatever_a_process_says_once_it_has_loaded_ends_that_runner_alone(string hostility)
    {
        var launcher = new MemoryLauncher(async stream =>
        {
            var pipe = new StreamPipe(stream);
            await pipe.WriteAsync(new HelloFrame(ChildRunnerLoader.Build, null, LogLevel.None), Aborted);
            await pipe.WriteAsync(new LoadedFrame(Description), Aborted);
            while (await pipe.ReadAsync(Aborted) is not TokenizeFrame)
            {
            }

            await stream.WriteAsync(BytesOf(hostility), Aborted);
            await stream.DisposeAsync();
        });
        await using var runner = await Loader(launcher, new ScriptedEngineLoader(), new RunnerSetup())
            .LoadAsync(new RunnerSetup().Specification, null, Aborted);
        var refused = await Assert.ThrowsAsync<ModelException>(
            () => runner.TokenizeAsync("x", specialAdded: false, specialParsed: false, Aborted));
        Assert.Equal(ModelErrorCode.RunnerStopped, refused.Refusal.Code);
        Assert.NotNull(await runner.Ended);
    }

    [Fact]
    public async Task An_owner_of_another_build_is_left()
    {
        var session = Session(new ScriptedEngineLoader(), out var owner);
        await owner.WriteAsync(new HelloFrame("other", null, LogLevel.None), Aborted);
        Assert.False(await session.WaitAsync(Aborted));
    }

    [Fact]
    public async Task A_process_whose_owner_dies_while_it_loads_gives_the_load_up()
    {
        var loading = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var engines = new ScriptedEngineLoader((_, _, unwanted) =>
        {
            loading.SetResult(unwanted);
            unwanted.WaitHandle.WaitOne();
            throw new OperationCanceledException(unwanted);
        });
        var session = Session(engines, out var owner);
        await owner.WriteAsync(new HelloFrame(ChildRunnerLoader.Build, null, LogLevel.None), Aborted);
        await owner.WriteAsync(new LoadFrame(new RunnerSetup().Specification), Aborted);
        await loading.Task.WaitAsync(Aborted);
        await owner.DisposeAsync();
        Assert.True(await session.WaitAsync(Aborted));
    }

    [Fact]
    public async Task What_native_code_logs_reaches_the_owners_log()
    {
        var lines = new Engine.LineLog();
        var launcher = new MemoryLauncher(stream => new RunnerSession(
            new StreamPipe(stream),
            (_, loggers) =>
            {
                loggers.CreateLogger("llama.cpp").Log(LogLevel.Warning, default, "told", null, (text, _) => text);
                return new ScriptedEngineLoader();
            },
            TimeProvider.System).RunAsync());
        var loader = new ChildRunnerLoader(
            launcher, new ScriptedEngineLoader(), new RunnerOptions(), TimeProvider.System,
            lines.CreateLogger<ChildRunnerLoader>());
        await using var runner = await loader.LoadAsync(new RunnerSetup().Specification, null, Aborted);
        await runner.TokenizeAsync("x", specialAdded: false, specialParsed: false, Aborted);
        Assert.Contains("1: told", lines.Lines(typeof(ChildRunnerLoader).FullName!));
    }

    [Theory]
    [InlineData(0, "exit status 0")]
    [InlineData(2, "exit status 2")]
    [InlineData(134, "signal: aborted")]
    [InlineData(137, "signal: killed")]
    [InlineData(139, "signal: segmentation fault")]
    public void The_end_of_a_process_is_told_in_words(int exitCode, string words) =>
        Assert.Equal(words, RunnerProcess.DescribeStatus(exitCode));

    private static RunnerDescription Description => new()
    {
        ContextTokens = 10,
        SlotCount = 1,
        CellCount = 10,
        EmbeddingLength = 1,
        AddsBosToken = false,
        AddsEosToken = false,
        CanShift = false,
        TotalBytes = 1,
        VramBytes = 0,
        LoadDuration = TimeSpan.Zero,
    };

    private static ChildRunnerLoader Loader(IRunnerLauncher launcher, IEngineLoader engines, RunnerSetup setup) => new(
        launcher, engines, new RunnerOptions { StepTimeMax = setup.StepTimeMax }, setup.Time,
        NullLogger<ChildRunnerLoader>.Instance);

    private static Task<bool> Session(IEngineLoader engines, out StreamPipe owner)
    {
        var (ownerEnd, runnerEnd) = MemoryStreams.CreatePair();
        owner = new StreamPipe(ownerEnd);
        return new RunnerSession(new StreamPipe(runnerEnd), (_, _) => engines, TimeProvider.System).RunAsync();
    }

    private static byte[] BytesOf(string hostility)
    {
        var noise = new byte[4096];
        new Random(1).NextBytes(noise);
        return hostility switch
        {
            "nothing" => [],
            "zeros" => new byte[4096],
            "noise" => noise,
            "a huge frame" => [0xFF, 0xFF, 0xFF, 0x7F, 1, 1],
            "half a frame" => [100, 0, 0, 0, 1, 1],
            "another build" => FramesOf(new HelloFrame("other", null, LogLevel.None)),
            "another's frames" => FramesOf(new LoadFrame(new RunnerSetup().Specification), new UnloadFrame()),
            "wrong answers" => FramesOf(new TextFrame(1, "no tokens"), new EndedFrame("wrong")),
            _ => throw new ArgumentOutOfRangeException(nameof(hostility)),
        };
    }

    private static byte[] FramesOf(params RunnerFrame[] frames)
    {
        using var bytes = new MemoryStream();
        foreach (var frame in frames)
        {
            var body = new System.Buffers.ArrayBufferWriter<byte>();
            RunnerFrameCodec.Encode(frame, body);
            bytes.Write(BitConverter.GetBytes(body.WrittenCount));
            bytes.Write(body.WrittenSpan);
        }

        return bytes.ToArray();
    }
}
