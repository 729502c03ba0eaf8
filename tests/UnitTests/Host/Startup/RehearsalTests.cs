using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Host.Startup;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Host.Startup;

public sealed class RehearsalTests
{
    private readonly ScriptedLibrary _library = new();
    private readonly ScriptedModels _models;

    public RehearsalTests() => _models = new ScriptedModels(_library);

    [Fact]
    public async Task The_latest_model_that_completes_renders_a_prompt_and_is_not_loaded()
    {
        _library.Models.Reverse();
        await RunAsync();
        var request = Assert.IsType<GenerationRequest>(Assert.Single(_models.Calls));
        Assert.Equal("thinker:8b", request.Model);
        Assert.Equal(GenerationKind.Chat, request.Kind);
        Assert.Empty(_models.Loaded);
    }

    [Fact]
    public async Task Without_a_model_that_completes_nothing_is_asked()
    {
        _library.Models.RemoveAll(model => model.Capabilities.Contains(ModelCapability.Completion));
        await RunAsync();
        Assert.Empty(_models.Calls);
    }

    [Fact]
    public async Task What_fails_is_left_to_the_client_who_asks()
    {
        _models.Refusal = new ModelException(ModelErrorCode.TemplateFailed);
        await RunAsync();
        Assert.Single(_models.Calls);
        await Rehearsal.RunAsync(Services(), new CancellationToken(canceled: true));
    }

    private Task RunAsync() => Rehearsal.RunAsync(Services(), TestContext.Current.CancellationToken);

    private ServiceProvider Services() => new ServiceCollection()
        .AddSingleton<ILibrary>(_library)
        .AddSingleton<IModels>(_models)
        .BuildServiceProvider();
}
