namespace Ollama.Platform.BlobStore.Registry;

/// <summary>A registry sends blobs only from their beginning.</summary>
internal sealed class RangesIgnoredException() : Exception("The registry does not send ranges.");
