using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Models;

/// <summary>Says where on this silo's disk a blob lies, as an absolute path; null when it is not there.</summary>
public delegate string? BlobPath(Digest digest);
