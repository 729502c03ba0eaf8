using System.Buffers.Binary;

namespace Ollama.Platform.BlobStore.Safetensors;

/// <summary>The checked header of a safetensors file: what lies where, without any tensor.</summary>
public sealed class SafetensorsFile
{
    // The largest real headers name some ten thousand tensors in a megabyte or two.
    private const int HeaderBytesMax = 32 * 1024 * 1024;

    internal SafetensorsFile(
        string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsTensor> tensors)
    {
        (Path, Metadata, Tensors) = (path, metadata, tensors);
    }

    /// <summary>Where the file lies; empty when it was read from a stream.</summary>
    public string Path { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="SafetensorsException">The file is damaged or hostile.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        return Read(path, stream);
    }

    /// <summary>Reads and checks a header from a stream that can seek.</summary>
    /// <exception cref="SafetensorsException">The content is damaged or hostile.</exception>
    public static SafetensorsFile Read(Stream stream) => Read("", stream);

    private static SafetensorsFile Read(string path, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var fileBytes = stream.Length;
        if (fileBytes < sizeof(ulong) + 2)
        {
            throw new SafetensorsException($"The file is {fileBytes} bytes long; there is no room for a header.");
        }

        try
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            stream.Position = 0;
            stream.ReadExactly(length);
            var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (headerBytes > (ulong)(fileBytes - sizeof(ulong)))
            {
                throw new SafetensorsException(
                    $"The header is said to be {headerBytes} bytes long, but only {fileBytes - sizeof(ulong)} follow; "
                    + "the file is truncated or no safetensors file.");
            }

            if (headerBytes > HeaderBytesMax)
            {
                throw new SafetensorsException(
                    $"The header is {headerBytes} bytes long, more than {HeaderBytesMax}.");
            }

            var header = new byte[headerBytes];
            stream.ReadExactly(header);
            return new SafetensorsHeaderParser(header, sizeof(ulong) + (long)headerBytes, fileBytes).Parse(path);
        }
        catch (EndOfStreamException)
        {
            throw new SafetensorsException($"The file became shorter than {fileBytes} bytes while it was read.");
        }
    }
}
