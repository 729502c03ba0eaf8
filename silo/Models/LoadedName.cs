using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Models;

/// <summary>A name under which a replica serves. Belongs to the replica's turns.</summary>
internal sealed class LoadedName(ModelDescription model)
{
    /// <summary>What it resolved to for the latest request.</summary>
    public ModelDescription Model { get; set; } = model;

    /// <summary>How long it stays after its last request; null for the operator's time.</summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>Requests that are being served under it.</summary>
    public int UseCount { get; set; }

    /// <summary>Its time runs, until <see cref="IdleUntil"/>.</summary>
    public bool IsIdle { get; set; }

    /// <summary>When its time ends; null for never.</summary>
    public DateTimeOffset? IdleUntil { get; set; }
}
