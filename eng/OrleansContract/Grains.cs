// The signatures of Microsoft.Orleans.Core.Abstractions, namespace Orleans, that the grains use.
using Orleans.Runtime;

namespace Orleans;

/// <summary>An interface of grains.</summary>
public interface IGrain : IAddressable;

/// <summary>An interface of grains that are named by a text.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>An interface of grains that are named by a number.</summary>
public interface IGrainWithIntegerKey : IGrain;

/// <summary>Receives calls outside of a grain.</summary>
public interface IGrainObserver : IAddressable;

/// <summary>Makes references to grains.</summary>
public interface IGrainFactory
{
    /// <summary>References a grain by its text.</summary>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>References a grain by its number.</summary>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>References a grain by its id.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;
}

/// <summary>A connection to the cluster.</summary>
public interface IClusterClient : IGrainFactory;

/// <summary>The class that grains inherit from.</summary>
public abstract class Grain : IAddressable
{
    /// <summary>Where this activation lives.</summary>
    public IGrainContext GrainContext => throw new NotSupportedException();

    /// <summary>Makes references to grains.</summary>
    protected IGrainFactory GrainFactory => throw new NotSupportedException();

    /// <summary>The services of the silo.</summary>
    protected IServiceProvider ServiceProvider => throw new NotSupportedException();

    /// <summary>Runs before the first call.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Runs after the last call.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Ends the activation when its calls have ended.</summary>
    protected void DeactivateOnIdle() => throw new NotSupportedException();

    /// <summary>Keeps the activation for at least this long; a negative time takes that back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => throw new NotSupportedException();
}

/// <summary>What a reference knows of itself.</summary>
public static class GrainExtensions
{
    /// <summary>The text that names a grain.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => throw new NotSupportedException();

    /// <summary>The id of a grain.</summary>
    public static GrainId GetGrainId(this IAddressable grain) => throw new NotSupportedException();
}

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>In words.</summary>
    public string Description => throw new NotSupportedException();

    /// <summary>The failure, if one was the reason.</summary>
    public Exception? Exception => throw new NotSupportedException();
}

/// <summary>Names a grain class in ids; wire contract.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    /// <summary>The name.</summary>
    public string GrainType { get; } = grainType;
}

/// <summary>Keeps activations of a class that are idle.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KeepAliveAttribute : Attribute;
