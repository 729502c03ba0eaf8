namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Where in the family's syntax a completion begins.</summary>
internal enum OutputBeginning
{
    /// <summary>Before everything: the model may open its reasoning or answer at once.</summary>
    Open = 0,

    /// <summary>The prompt has just opened the reasoning; the model may open it once more.</summary>
    ThinkingOpened = 1,

    /// <summary>In the middle of reasoning that the prompt began.</summary>
    WithinThinking = 2,

    /// <summary>In the answer.</summary>
    Content = 3,
}
