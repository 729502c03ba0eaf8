// The signatures of Microsoft.Orleans.Core.Abstractions, namespace Orleans.Concurrency, that the grains use.
namespace Orleans.Concurrency;

/// <summary>Calls of the grain may interleave at awaits.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>Calls of the method may interleave with any other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>Calls of the method may interleave with each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>Nobody waits for the method.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>As many activations as needed on each silo.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    /// <summary>One for each processor.</summary>
    public StatelessWorkerAttribute()
    {
    }

    /// <summary>So many at most.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers) => throw new NotSupportedException();
}
