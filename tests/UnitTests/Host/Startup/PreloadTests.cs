using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Host.Options;
using Ollama.Platform.Host.Startup;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Engine;

namespace Ollama.Platform.UnitTests.Host.Startup;

public sealed class PreloadTests : IDisposable
{
    private readonly ScriptedLibrary _library = new();
    private readonly ScriptedModels _models;
    private readonly LineLog _log = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);

    public PreloadTests() => _models = new ScriptedModels(_library);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_completes_makes_one_token_behind_all_others_and_renders_a_prompt()
    {
        await RunAsync("thinker:8b");
        var calls = _models.Calls.Cast<GenerationRequest>().ToArray();
        Assert.Equal(["thinker:8b", "thinker:8b"], calls.Select(call => call.Model));
        Assert.Equal(1, calls[0].Options["num_predict"].GetInt32());
        Assert.True(calls[0].Raw);
        Assert.Equal(RequestPriority.Min, calls[0].Priority);
        Assert.Single(calls[1].Messages);
    }

    [Fact]
    public async Task A_model_that_embeds_makes_a_vector_and_one_that_ranks_a_score()
    {
        Change("someone/embedder", weights => weights with { HasPooling = true });
        Change("test", weights => weights with { HasPooling = true, HasRanking = true });
        await RunAsync("someone/embedder", "test");
        Assert.Equal(
            [typeof(EmbeddingRequest), typeof(RerankRequest)], _models.Calls.Select(call => call.GetType()));
    }

    [Fact]
    public async Task What_fails_keeps_neither_the_next_model_nor_the_server_back()
    {
        await RunAsync("nowhere", "test");
        Assert.Equal("test:latest", Assert.IsType<GenerationRequest>(_models.Calls.First()).Model);
        Assert.Equal(
            [
                "nowhere:latest, which OLLAMA_PRELOAD names, is not loaded: model 'nowhere:latest' not found",
                "1 of 2 models that OLLAMA_PRELOAD names are loaded.",
            ],
            _log.Lines(typeof(Preload).FullName!));
    }

    [Fact]
    public async Task A_bug_does_not_keep_the_server_back_either()
    {
        _models.RunBug = new InvalidOperationException("a bug");
        await RunAsync("test", "thinker:8b");
        Assert.Equal(2, _log.Lines(typeof(Preload).FullName!).Count(line => line.EndsWith(": a bug")));
    }

    [Fact]
    public async Task A_model_that_the_start_brings_is_found_once_all_has_started()
    {
        var shipped = _library.Models.Find(model => model.Name == Parse("test"))!;
        _library.Models.Remove(shipped);
        await using var preload = Create("test");
        var work = preload.RunAsync();
        Assert.False(work.IsCompleted);
        _library.Models.Add(shipped);
        _lifetime.NotifyStarted();
        await work;
        Assert.NotEmpty(_models.Calls);
    }

    [Fact]
    public async Task The_server_is_ready_when_each_was_tried()
    {
        var pulled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _library.Pull = token => pulled.Task.WaitAsync(token);
        await using var preload = Create("test", "nowhere");
        Assert.Equal("Models are being loaded: test:latest, nowhere:latest.", await ObstacleAsync(preload));
        var work = preload.RunAsync();
        Assert.Equal("Models are being loaded: test:latest, nowhere:latest.", await ObstacleAsync(preload));
        pulled.SetResult();
        _lifetime.NotifyStarted();
        await work;
        Assert.Null(await ObstacleAsync(preload));
    }

    [Fact]
    public async Task Who_stops_the_server_does_not_wait_for_a_load()
    {
        _library.Pull = token => new TaskCompletionSource().Task.WaitAsync(token);
        await using var preload = Create("test");
        var work = preload.RunAsync();
        _lifetime.StopApplication();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    [Fact]
    public async Task Who_gives_the_start_up_does_not_wait_either()
    {
        _library.Pull = token => new TaskCompletionSource().Task.WaitAsync(token);
        var preload = Create("test");
        var work = preload.RunAsync();
        await preload.DisposeAsync();
        Assert.True(work.IsCanceled);
    }

    public void Dispose() => _log.Dispose();

    private async Task RunAsync(params string[] names)
    {
        _lifetime.NotifyStarted();
        await using var preload = Create(names);
        await preload.RunAsync();
        Assert.Null(await ObstacleAsync(preload));
    }

    private Preload Create(params string[] names) => new(
        _library, _models,
        new ServerOptions { ModelsDirectory = "", PreloadedModels = [.. names.Select(Parse)] },
        _lifetime, _log.CreateLogger<Preload>());

    private void Change(string name, Func<WeightsDescription, WeightsDescription> change)
    {
        var index = _library.Models.FindIndex(model => model.Name == Parse(name));
        var model = _library.Models[index];
        _library.Models[index] = model with { WeightsDescription = change(model.WeightsDescription) };
    }

    private static ModelName Parse(string text) => ModelName.TryParse(text, out var name)
        ? name
        : throw new ModelException(ModelErrorCode.NameInvalid, text);

    private static async Task<string?> ObstacleAsync(Preload preload)
    {
        var result = await preload.CheckHealthAsync(new HealthCheckContext(), Token);
        return result.Status == HealthStatus.Unhealthy ? result.Description : null;
    }
}
