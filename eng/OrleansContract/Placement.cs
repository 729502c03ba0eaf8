// The signatures of namespaces Orleans.Placement and Orleans.Runtime.Placement that the grains use.
using Orleans.Runtime;

namespace Orleans.Placement
{
    /// <summary>Says where activations of a class go.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public abstract class PlacementAttribute : Attribute
    {
        /// <summary>Takes the strategy.</summary>
        protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement;

        /// <summary>The strategy.</summary>
        public PlacementStrategy PlacementStrategy { get; }
    }

    /// <summary>Which mover an activation is safe from.</summary>
    [Flags]
    public enum ImmovableKind : byte
    {
        /// <summary>The one that brings talkers together.</summary>
        Repartitioner = 1,

        /// <summary>The one that evens memory out.</summary>
        Rebalancer = 2,

        /// <summary>Both.</summary>
        Any = Repartitioner | Rebalancer,
    }

    /// <summary>Activations of the class stay where they are.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ImmovableAttribute(ImmovableKind kind = ImmovableKind.Any) : Attribute
    {
        /// <summary>Which mover.</summary>
        public ImmovableKind Kind { get; } = kind;
    }
}

namespace Orleans.Runtime.Placement
{
    /// <summary>Chooses silos.</summary>
    public interface IPlacementDirector
    {
        /// <summary>Chooses the silo of a new activation.</summary>
        Task<SiloAddress> OnAddActivation(
            PlacementStrategy strategy, PlacementTarget target, IPlacementContext context);
    }

    /// <summary>The silos to choose from.</summary>
    public interface IPlacementContext
    {
        /// <summary>This silo.</summary>
        SiloAddress LocalSilo { get; }

        /// <summary>Silos that have the class.</summary>
        SiloAddress[] GetCompatibleSilos(PlacementTarget target);
    }

    /// <summary>What is placed.</summary>
    public readonly struct PlacementTarget
    {
        /// <summary>Which grain.</summary>
        public GrainId GrainIdentity => throw new NotSupportedException();
    }
}
