using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>The models at one moment: digests by name of those in the library and of those loaded.</summary>
/// <param name="At">When they were looked at.</param>
/// <param name="Stored">The library.</param>
/// <param name="Loaded">What is loaded of it.</param>
internal sealed record ModelsSeen(
    DateTimeOffset At,
    ImmutableSortedDictionary<string, string> Stored,
    ImmutableSortedDictionary<string, string> Loaded)
{
    /// <summary>No models.</summary>
    public static ModelsSeen Nothing { get; } = new(
        DateTimeOffset.UnixEpoch,
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase),
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>What has changed, in the order of the names.</summary>
    public IEnumerable<Wire.ModelEvent> Since(ModelsSeen before)
    {
        // A model is there before it is loaded, and goes after it was unloaded.
        foreach (var (name, digest) in before.Loaded.Where(model => !Loaded.ContainsKey(model.Key)))
        {
            yield return ToEvent(Wire.ModelEventType.Unloaded, name, digest);
        }

        foreach (var (name, digest) in before.Stored.Where(model => !Stored.ContainsKey(model.Key)))
        {
            yield return ToEvent(Wire.ModelEventType.Removed, name, digest);
        }

        foreach (var (name, digest) in Stored)
        {
            if (!before.Stored.TryGetValue(name, out var known))
            {
                yield return ToEvent(Wire.ModelEventType.Added, name, digest);
            }
            else if (known != digest)
            {
                yield return ToEvent(Wire.ModelEventType.Changed, name, digest);
            }
        }

        foreach (var (name, digest) in Loaded.Where(model => !before.Loaded.ContainsKey(model.Key)))
        {
            yield return ToEvent(Wire.ModelEventType.Loaded, name, digest);
        }
    }

    private Wire.ModelEvent ToEvent(Wire.ModelEventType type, string name, string digest) => new()
    {
        Type = type,
        Name = name,
        Digest = digest,
        ObservedAt = Timestamp.FromDateTimeOffset(At),
    };
}
