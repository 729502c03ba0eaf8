using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>One repository of one registry.</summary>
/// <param name="Registry">Scheme, host and port.</param>
/// <param name="Repository">Namespace and model.</param>
internal sealed record RegistrySource(Uri Registry, string Repository)
{
    /// <summary>Where a model is pulled from, in the order to try.</summary>
    /// <exception cref="TransferException">The request asks to go without TLS where that is not allowed.</exception>
    public static IReadOnlyList<RegistrySource> ForPull(ModelName name, bool insecure, RegistryOptions options)
    {
        var registry = ForPush(name, insecure, options);
        return name.Host == ModelName.DefaultHost
            ? [.. options.Mirrors.Select(mirror => new RegistrySource(mirror, registry.Repository)), registry]
            : [registry];
    }

    /// <summary>Where a model is pushed to.</summary>
    /// <inheritdoc cref="ForPull"/>
    public static RegistrySource ForPush(ModelName name, bool insecure, RegistryOptions options)
    {
        var repository = $"{name.Namespace}/{name.Model}";
        if (name.Host == ModelName.DefaultHost && (!insecure || options.DefaultRegistry.Host != ModelName.DefaultHost))
        {
            // What the operator configured is taken as it is, with TLS or without.
            return new RegistrySource(options.DefaultRegistry, repository);
        }

        if (!Uri.TryCreate($"{(insecure ? "http" : "https")}://{name.Host}", UriKind.Absolute, out var registry))
        {
            throw new TransferException($"\"{name.Host}\" is not the address of a registry");
        }

        return !insecure || InsecurePolicy.Allows(options.InsecureHosts, name.Host)
            ? new RegistrySource(registry, repository)
            : throw new TransferException("insecure protocol http");
    }

    /// <summary>An address of the repository.</summary>
    public Uri Address(string rest) => new(Registry, $"/v2/{Repository}/{rest}");

    /// <summary>Tells whether an address belongs to the registry itself, which alone may see credentials.</summary>
    public bool Owns(Uri address) => address.Scheme == Registry.Scheme && address.Port == Registry.Port
        && address.Host.Equals(Registry.Host, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Tells whether an address that the registry names may be asked: never without TLS when it has TLS.
    /// </summary>
    public bool MayFollow(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (address.Scheme == Uri.UriSchemeHttp && Registry.Scheme == Uri.UriSchemeHttp);
}
