using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>Asks a model for a place.</summary>
public sealed record AdmissionRequest
{
    /// <summary>What the request needs loaded.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>How long the model stays loaded; null keeps what is in effect.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>From <see cref="RequestPriority.Min"/> to <see cref="RequestPriority.Max"/>; the higher goes
    /// first.</summary>
    public int Priority { get; init; }

    /// <summary>Waits for a slot; false waits for the load only.</summary>
    public bool SlotNeeded { get; init; } = true;
}

/// <summary>One item of an admission stream: a place, a refusal, or neither: a heartbeat.</summary>
public sealed record AdmissionReply
{
    /// <summary>Says only that the model's actor is alive.</summary>
    public static AdmissionReply Heartbeat { get; } = new();

    /// <summary>The replica that will serve; the place is held until the stream is left.</summary>
    public ReplicaKey? Replica { get; init; }

    /// <summary>The part of the wait that the load took.</summary>
    public TimeSpan LoadDuration { get; init; }

    /// <summary>The part of the wait that other requests took.</summary>
    public TimeSpan QueueWait { get; init; }

    /// <summary>Why there will be no place; ends the stream.</summary>
    public Refusal? Refusal { get; init; }
}
