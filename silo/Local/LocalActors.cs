using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Local;

/// <summary>The living actors of one kind. An actor lives from its first call until it is swept while idle.</summary>
/// <param name="create">Makes an actor's behaviour.</param>
/// <param name="isIdle">Whether a behaviour has nothing to remember; asked in a turn.</param>
/// <param name="callCountMax">Calls that one actor takes at a time.</param>
internal sealed class LocalActors<TKey, TBehaviour>(
    Func<TKey, Mailbox, TBehaviour> create, Func<TBehaviour, bool> isIdle, int callCountMax)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LocalActor<TBehaviour>> _living = [];

    /// <summary>Keys of the living.</summary>
    public IReadOnlyList<TKey> Keys
    {
        get
        {
            lock (_living)
            {
                return [.. _living.Keys];
            }
        }
    }

    /// <summary>Calls an actor; the call runs in its turns.</summary>
    /// <exception cref="ModelException">The actor has too many calls.</exception>
    public async Task<T> CallAsync<T>(TKey key, Func<TBehaviour, Task<T>> call)
    {
        var actor = Enter(key);
        try
        {
            return await actor.Mailbox.RunAsync(() => call(actor.Behaviour));
        }
        finally
        {
            Leave(actor);
        }
    }

    /// <summary>Calls an actor for a stream; the stream's code runs in the actor's turns.</summary>
    /// <exception cref="ModelException">The actor has too many calls.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        TKey key, Func<TBehaviour, CancellationToken, IAsyncEnumerable<T>> call,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var actor = Enter(key);
        try
        {
            var items = call(actor.Behaviour, cancellationToken).GetAsyncEnumerator(cancellationToken);
            Func<Task<bool>> next = () => items.MoveNextAsync().AsTask();
            try
            {
                while (await actor.Mailbox.RunAsync(next))
                {
                    yield return items.Current;
                }
            }
            finally
            {
                await actor.Mailbox.RunAsync(async () =>
                {
                    await items.DisposeAsync();
                    return true;
                });
            }
        }
        finally
        {
            Leave(actor);
        }
    }

    /// <summary>Forgets the actors that nobody calls and that have nothing to remember.</summary>
    public async Task SweepAsync()
    {
        foreach (var key in Keys)
        {
            LocalActor<TBehaviour>? actor;
            long callNumber;
            lock (_living)
            {
                if (!_living.TryGetValue(key, out actor) || actor.CallCount > 0)
                {
                    continue;
                }

                callNumber = actor.CallNumber;
            }

            var idle = await actor.Mailbox.RunAsync(() => Task.FromResult(isIdle(actor.Behaviour)));
            lock (_living)
            {
                // A call that came and went in between may have left something to remember.
                if (idle && actor.CallCount == 0 && actor.CallNumber == callNumber)
                {
                    _living.Remove(key);
                }
            }
        }
    }

    private LocalActor<TBehaviour> Enter(TKey key)
    {
        lock (_living)
        {
            if (!_living.TryGetValue(key, out var actor))
            {
                var mailbox = new Mailbox();
                _living.Add(key, actor = new LocalActor<TBehaviour>(create(key, mailbox), mailbox));
            }

            if (actor.CallCount >= callCountMax)
            {
                throw new ModelException(ModelErrorCode.QueueFull);
            }

            actor.CallCount++;
            actor.CallNumber++;
            return actor;
        }
    }

    private void Leave(LocalActor<TBehaviour> actor)
    {
        lock (_living)
        {
            actor.CallCount--;
        }
    }
}
