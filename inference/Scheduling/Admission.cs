namespace Ollama.Platform.Inference.Scheduling;

/// <summary>A decision to give a slot to the next sequence.</summary>
/// <param name="Place">Place of the sequence in the queue.</param>
/// <param name="Slot">The slot.</param>
/// <param name="KeptTokens">First cells of the slot that the sequence can use; the rest goes.</param>
internal readonly record struct Admission(int Place, Slot Slot, int KeptTokens);
