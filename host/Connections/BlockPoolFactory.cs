using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ollama.Platform.Host.Connections;

/// <summary>Puts large blocks before the pools that the server makes for itself.</summary>
internal sealed class BlockPoolFactory(IMemoryPoolFactory<byte> small) : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly LargeBlocks _large = new();

    /// <summary>Takes the place of the server's own factory, and keeps it for the small blocks.</summary>
    public static void Add(IServiceCollection services)
    {
        var small = services.Last(service => service.ServiceType == typeof(IMemoryPoolFactory<byte>));
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(
            provider => new BlockPoolFactory(Make(small, provider))));
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool(_large, small.Create(options));

    /// <inheritdoc/>
    public void Dispose() => (small as IDisposable)?.Dispose();

    private static IMemoryPoolFactory<byte> Make(ServiceDescriptor service, IServiceProvider provider) =>
        (IMemoryPoolFactory<byte>)(service.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!));
}
