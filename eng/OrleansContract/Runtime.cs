// The signatures of namespace Orleans.Runtime that the grains use (Core.Abstractions, Core).
using System.Net;

namespace Orleans.Runtime;

/// <summary>Something that calls can be sent to.</summary>
public interface IAddressable;

/// <summary>An activation, seen from its silo.</summary>
public interface IGrainContext
{
    /// <summary>Whose activation.</summary>
    GrainId GrainId { get; }
}

/// <summary>Names a grain: its type and its key.</summary>
public readonly struct GrainId
{
    /// <summary>The type.</summary>
    public GrainType Type => throw new NotSupportedException();

    /// <summary>The key.</summary>
    public IdSpan Key => throw new NotSupportedException();

    /// <summary>Joins both.</summary>
    public static GrainId Create(GrainType type, string key) => throw new NotSupportedException();
}

/// <summary>The bytes of a name.</summary>
public readonly struct IdSpan
{
    /// <inheritdoc/>
    public override string ToString() => throw new NotSupportedException();
}

/// <summary>Names a grain class.</summary>
public readonly struct GrainType
{
    /// <summary>Takes a name.</summary>
    public static GrainType Create(string value) => throw new NotSupportedException();
}

/// <summary>Names one life of a silo.</summary>
public sealed class SiloAddress
{
    private SiloAddress()
    {
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => throw new NotSupportedException();

    /// <summary>Which of its lives.</summary>
    public int Generation => throw new NotSupportedException();
}

/// <summary>Says where activations of a class go.</summary>
public abstract class PlacementStrategy;

/// <summary>Values that travel with a call.</summary>
public static class RequestContext
{
    /// <summary>Reads a value.</summary>
    public static object? Get(string key) => throw new NotSupportedException();

    /// <summary>Sets a value.</summary>
    public static void Set(string key, object value) => throw new NotSupportedException();
}

/// <summary>Settings of a remote enumeration.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>Items fetched together at most.</summary>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize) =>
        throw new NotSupportedException();
}

/// <summary>A failure of Orleans.</summary>
public class OrleansException : Exception
{
    /// <summary>Without words.</summary>
    public OrleansException()
    {
    }

    /// <summary>In words.</summary>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>With its cause.</summary>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A call was not delivered.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message)
        : base(message)
    {
    }
}

/// <summary>The silo of a call is gone.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>In words.</summary>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }
}

/// <summary>The other end of an enumeration is gone.</summary>
public sealed class EnumerationAbortedException : Exception
{
    /// <summary>In words.</summary>
    public EnumerationAbortedException(string message)
        : base(message)
    {
    }
}

/// <summary>Tells of the cluster.</summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>Ids of all activations of a class.</summary>
    ValueTask<List<GrainId>> GetActiveGrains(GrainType type);
}
