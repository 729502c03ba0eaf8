using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// Headers by path, read and checked once for as long as the file stays the same, so that resolving a model on every
/// request costs a look at the disk. Safe for any number of callers.
/// </summary>
public sealed class GgufHeaders(TimeProvider time)
{
    // A header takes tens of kilobytes without its arrays.
    private const int HeaderCountMax = 1024;

    // A hostile one takes up to 200 MiB.
    private const long HeaderBytesMax = 256L * 1024 * 1024;

    private readonly FreshFiles<Weights> _weights =
        new(time, HeaderCountMax, HeaderBytesMax, weights => weights.File.KeptBytes);

    private readonly FreshFiles<GgufFile> _files = new(time, HeaderCountMax, HeaderBytesMax, file => file.KeptBytes);

    /// <summary>The weights in a file; null when the file is absent.</summary>
    /// <exception cref="GgufException">The file is damaged, hostile or no model.</exception>
    public Weights? FindWeights(string path) => _weights.Get(path, (_, file) => Weights.Read(file));

    /// <summary>The header of any GGUF file, such as a projector or an adapter; null when the file is absent.</summary>
    /// <exception cref="GgufException">The file is damaged or hostile.</exception>
    public GgufFile? FindFile(string path) => _files.Get(path, (_, file) => GgufFile.Read(file));
}
