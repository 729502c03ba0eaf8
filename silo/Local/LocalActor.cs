namespace Ollama.Platform.Silo.Local;

/// <summary>A living actor: its behaviour and the mailbox that runs it. Counts belong to the table's lock.</summary>
internal sealed class LocalActor<TBehaviour>(TBehaviour behaviour, Mailbox mailbox)
{
    /// <summary>Runs its turns.</summary>
    public Mailbox Mailbox { get; } = mailbox;

    /// <summary>What it does; touched in turns only.</summary>
    public TBehaviour Behaviour { get; } = behaviour;

    /// <summary>Calls that have not ended.</summary>
    public int CallCount { get; set; }

    /// <summary>Calls that ever came.</summary>
    public long CallNumber { get; set; }
}
