using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Registers the client of registries.</summary>
public static class RegistryServices
{
    /// <summary>Adds <see cref="RegistryClient"/> over the blob store, which must be registered as well.</summary>
    public static IServiceCollection AddRegistryClient(
        this IServiceCollection services, Action<RegistryOptions> configure)
    {
        services.AddOptions<RegistryOptions>().Configure(configure)
            .Validate(
                options => options is { BytesPerSecondMax: >= 0, BytesPerSecondMin: >= 0 },
                "A bandwidth cannot be negative.")
            .Validate(options => options.PartBytes > 0 && options.PartsAtOnce > 0, "Parts have a length and a number.")
            .ValidateOnStart();
        services.AddSingleton<RegistryHttp>();
        services.AddSingleton<RegistryKey>();
        services.AddSingleton<CredentialPrograms>();
        services.AddSingleton<RegistryCredentials>();
        services.AddSingleton<RegistryAuthorizer>();
        services.AddSingleton<Retries>();
        services.AddSingleton<TransferRate>();
        services.AddSingleton<BlobDownloads>();
        services.AddSingleton(provider => new RegistryClient(
            provider.GetRequiredService<RegistryHttp>(),
            provider.GetRequiredService<RegistryAuthorizer>(),
            provider.GetRequiredService<BlobDownloads>(),
            provider.GetRequiredService<Retries>(),
            provider.GetRequiredService<IOptions<RegistryOptions>>(),
            provider.GetRequiredService<StorePaths>(),
            provider.GetRequiredService<TransferRate>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
