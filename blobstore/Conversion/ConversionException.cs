namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>A model cannot be converted; the message is a sentence that says what was found.</summary>
public sealed class ConversionException : Exception
{
    /// <summary>A refusal of our own.</summary>
    public ConversionException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal because of another failure.</summary>
    public ConversionException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
