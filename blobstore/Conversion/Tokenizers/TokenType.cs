namespace Ollama.Platform.BlobStore.Conversion.Tokenizers;

/// <summary>What a token is; the numbers are those of <c>tokenizer.ggml.token_type</c>.</summary>
internal enum TokenType
{
    /// <summary>A piece of text.</summary>
    Normal = 1,

    /// <summary>What stands for anything that no token says.</summary>
    Unknown = 2,

    /// <summary>Steers the model and is not shown.</summary>
    Control = 3,

    /// <summary>Added to the vocabulary and shown.</summary>
    UserDefined = 4,

    /// <summary>Fills a row of the table.</summary>
    Unused = 5,

    /// <summary>One byte of a text that no piece says.</summary>
    Byte = 6,
}
