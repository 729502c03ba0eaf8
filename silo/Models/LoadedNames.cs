using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// The names under which a replica serves: models of the same weights share it, each with a keep-alive time of its own,
/// and it stays loaded as long as one of them does. Belongs to the replica's turns.
/// </summary>
internal sealed class LoadedNames(TimeSpan keepAliveDefault, TimeProvider time)
{
    private readonly Dictionary<string, LoadedName> _names = new(StringComparer.Ordinal);

    /// <summary>Nobody wants the model to stay.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>When the last of them ends, were all requests to end now; null for never.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get
        {
            var last = DateTimeOffset.MinValue;
            foreach (var name in _names.Values)
            {
                if (EndOf(name) is not { } end)
                {
                    return null;
                }

                last = end > last ? end : last;
            }

            return last;
        }
    }

    /// <summary>The names that have not ended, and when each does; null for never.</summary>
    public IReadOnlyList<(ModelDescription Model, DateTimeOffset? ExpiresAt)> List()
    {
        var now = time.GetUtcNow();
        return
        [
            .. _names.Values.Where(name => !HasEnded(name, now))
                .Select(name => (name.Model, EndOf(name))),
        ];
    }

    /// <summary>Somebody is about to use a name, but may not.</summary>
    /// <param name="model">What it resolved to.</param>
    /// <param name="keepAlive">How long it stays afterwards; null keeps what is in effect.</param>
    public LoadedName Expect(ModelDescription model, TimeSpan? keepAlive)
    {
        RemoveEnded();
        if (!_names.TryGetValue(model.Name.DisplayName, out var name))
        {
            _names[model.Name.DisplayName] = name = new LoadedName(model);
        }

        name.Model = model;
        name.KeepAlive = keepAlive ?? name.KeepAlive;
        name.IsIdle = false;
        return name;
    }

    /// <summary>Somebody uses a name, until as many have left.</summary>
    public void Enter(ModelDescription model, TimeSpan? keepAlive) => Expect(model, keepAlive).UseCount++;

    /// <summary>Somebody uses it no more.</summary>
    public void Leave(ModelDescription model)
    {
        var name = _names[model.Name.DisplayName];
        if (--name.UseCount == 0)
        {
            Settle(name);
        }
    }

    /// <summary>A name is to go with its last request, as if that had asked for it.</summary>
    public void Unload(string displayName)
    {
        if (_names.TryGetValue(displayName, out var name))
        {
            name.KeepAlive = TimeSpan.Zero;
            if (name.UseCount == 0)
            {
                Settle(name);
            }
        }
    }

    /// <summary>Nobody uses the replica: the times of all names run.</summary>
    public void Settle()
    {
        foreach (var name in _names.Values.Where(name => name.UseCount == 0 && !name.IsIdle).ToList())
        {
            Settle(name);
        }
    }

    /// <summary>Forgets the names that nobody is being served under.</summary>
    public void RemoveUnused()
    {
        foreach (var (displayName, _) in _names.Where(entry => entry.Value.UseCount == 0).ToList())
        {
            _names.Remove(displayName);
        }
    }

    // A time that has ended is in effect no more, although another name keeps the model.
    private void RemoveEnded()
    {
        var now = time.GetUtcNow();
        foreach (var (displayName, _) in _names.Where(entry => HasEnded(entry.Value, now)).ToList())
        {
            _names.Remove(displayName);
        }
    }

    private static bool HasEnded(LoadedName name, DateTimeOffset now) => name.IsIdle && name.IdleUntil <= now;

    private void Settle(LoadedName name)
    {
        var keepAlive = name.KeepAlive ?? keepAliveDefault;
        if (keepAlive == TimeSpan.Zero)
        {
            _names.Remove(name.Model.Name.DisplayName);
            return;
        }

        name.IsIdle = true;
        name.IdleUntil = KeepAlive.ExpiresAt(time.GetUtcNow(), keepAlive);
    }

    // Slides while requests run.
    private DateTimeOffset? EndOf(LoadedName name) => name.IsIdle
        ? name.IdleUntil
        : KeepAlive.ExpiresAt(time.GetUtcNow(), name.KeepAlive ?? keepAliveDefault);
}
