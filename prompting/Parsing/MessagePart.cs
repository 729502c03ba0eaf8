namespace Ollama.Platform.Prompting.Parsing;

/// <summary>What a message of a completion is.</summary>
internal enum MessagePart
{
    /// <summary>Nothing for a client.</summary>
    Nothing = 0,

    /// <summary>Answer text.</summary>
    Content,

    /// <summary>Reasoning.</summary>
    Thinking,

    /// <summary>A call; its body is read when it is complete.</summary>
    Call,

    /// <summary>Calls if the body reads as such, answer text otherwise; held until it is complete.</summary>
    ContentOrCall,
}
