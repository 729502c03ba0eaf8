using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Models;

/// <summary>One request in a model's queue; belongs to the queue's turns.</summary>
internal sealed class AdmissionWaiter(AdmissionRequest request, long joinedAt)
{
    /// <summary>What was asked.</summary>
    public AdmissionRequest Request { get; } = request;

    /// <summary>It is work that can wait.</summary>
    public bool IsPatient => Request.Priority < 0;

    /// <summary>Timestamp of the arrival.</summary>
    public long JoinedAt { get; } = joinedAt;

    /// <summary>Timestamp by which it is served: its arrival, moved by its priority.</summary>
    public double RankAt(TimeProvider time) =>
        JoinedAt - (Request.Priority * RequestPriority.HeadStart.TotalSeconds * time.TimestampFrequency);

    /// <summary>Its place in the queue.</summary>
    public LinkedListNode<AdmissionWaiter> Node { get; set; } = null!;

    /// <summary>Counts among those who wait for a load.</summary>
    public bool WaitsForLoad { get; set; }

    /// <summary>Takes a place at the replica.</summary>
    public bool IsServed { get; set; }

    /// <summary>The place, or the refusal.</summary>
    public TaskCompletionSource<AdmissionReply> Outcome { get; } =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
