using Ollama.Platform.Inference.PrefixCache;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>A decision to give a slot to a sequence that waits.</summary>
/// <param name="Place">Place of the sequence in the queue.</param>
/// <param name="Match">The slot, and the cells that the sequence begins with.</param>
internal readonly record struct Admission(int Place, PrefixMatch Match);
