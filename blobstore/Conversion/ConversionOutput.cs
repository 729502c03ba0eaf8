using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>The file that a conversion writes: whole or not there.</summary>
internal static class ConversionOutput
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Writes a file and removes it again when writing failed.</summary>
    public static void Write(ConversionRequest request, Action<Stream> write)
    {
        try
        {
            using var output = new FileStream(
                request.TargetPath, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
            write(output);
        }
        catch (Exception failure)
        {
            File.Delete(request.TargetPath);
            switch (failure)
            {
                case SafetensorsException:
                    throw new ConversionException(failure.Message, failure);

                // Half of a surrogate pair is the one thing that the accessors leave to the JSON library.
                case InvalidOperationException
                    when failure.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true:
                    throw new ConversionException("A JSON file holds a text that is not valid Unicode.", failure);
                default:
                    throw;
            }
        }
    }
}
