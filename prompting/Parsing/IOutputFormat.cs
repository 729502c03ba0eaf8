using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>How the completions of a family are read. Immutable and shared.</summary>
internal interface IOutputFormat
{
    /// <summary>The marks that must reach a parser as text, also where they are special tokens.</summary>
    IReadOnlyList<string> Tags { get; }

    /// <summary>The marks by which a call is told from its first character on; none where nothing tells it.</summary>
    IReadOnlyList<CallMarks> CallMarks => [];

    /// <summary>Changes what cannot be rendered as the client wrote it, e.g. names the family does not allow.</summary>
    ChatPrompt Adapt(ChatPrompt prompt) => prompt;

    /// <summary>Makes the parser for one completion.</summary>
    /// <param name="prompt">What was rendered; calls are looked for only where it offers tools.</param>
    /// <param name="rendered">The text that it was rendered to.</param>
    /// <param name="random">Where the ids of calls come from.</param>
    IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random);

    /// <summary>What a completion may hold before its answer; null when it begins with the answer.</summary>
    AnswerPreface? FindPreface(ChatPrompt prompt, string rendered);

    /// <summary>
    /// Puts a last message of the assistant behind a prompt that ends where the assistant begins, so that the model
    /// goes on with it.
    /// </summary>
    string AppendPrefill(ChatPrompt prompt, string rendered, ChatMessage message) => rendered + message.Content;
}
