using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Silo.Local;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What an application gets when it adds the one-process host.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public async Task The_ports_are_there_and_the_host_stops_with_the_application()
    {
        await using var services = Build(options => options.KeepAlive = TimeSpan.FromMinutes(1));
        Assert.NotNull(services.GetRequiredService<IModels>());
        var host = Assert.Single(services.GetServices<IHostedService>());
        Assert.Same(services.GetRequiredService<IClusterHost>(), host);
    }

    [Theory]
    [InlineData(-1, 0, 512, 0, "OLLAMA_NUM_PARALLEL")]
    [InlineData(257, 0, 512, 0, "OLLAMA_NUM_PARALLEL")]
    [InlineData(0, -1, 512, 0, "OLLAMA_MAX_LOADED_MODELS")]
    [InlineData(0, 0, -1, 0, "OLLAMA_MAX_QUEUE")]
    [InlineData(0, 0, 512, -1, "OLLAMA_CONTEXT_LENGTH")]
    public void A_bad_value_stops_the_start_with_the_name_of_the_setting(
        int slots, int models, int queue, int context, string name)
    {
        using var services = Build(options =>
            (options.SlotCount, options.LoadedModelCountMax, options.QueueLengthMax, options.ContextTokens)
                = (slots, models, queue, context));
        var refused = Assert.Throws<OptionsValidationException>(services.GetRequiredService<SiloOptions>);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(Action<SiloOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IRunnerLoader, ScriptedRunnerLoader>();
        services.AddSingleton<ILibrary, ScriptedLibrary>();
        services.AddSingleton<IModelSupply, ScriptedLibrary>();
        services.AddSingleton(new BlobPath(_ => null));
        services.AddLocalSilo(configure);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }
}
