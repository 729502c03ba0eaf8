namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>A matrix that every expert of a layer has.</summary>
/// <param name="Target">The GGUF tensor in which those of all experts lie.</param>
/// <param name="Rows">Rows for one expert.</param>
/// <param name="Columns">Columns for one expert.</param>
internal readonly record struct ExpertMatrix(string Target, long Rows, long Columns);
