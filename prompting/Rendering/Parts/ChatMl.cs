using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>Writes the turns of the ChatML layout, which many families share.</summary>
internal sealed class ChatMl
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a turn; its text follows.</summary>
    public ChatMl Open(string role) => Add("<|im_start|>").Add(role).Add("\n");

    /// <summary>Ends the turn.</summary>
    public ChatMl Close() => Add("<|im_end|>\n");

    /// <summary>Writes a whole turn.</summary>
    public ChatMl Turn(string role, string text) => Open(role).Add(text).Close();

    /// <summary>Adds text to the turn.</summary>
    public ChatMl Add(string text)
    {
        _text.Append(text);
        return this;
    }

    /// <summary>Writes one result of a tool; a group of results is one turn of the user.</summary>
    public ChatMl Result(IReadOnlyList<ChatMessage> messages, int index, string content)
    {
        Add(messages.BeginsResults(index) ? "<|im_start|>user" : "")
            .Add("\n<tool_response>\n").Add(content).Add("\n</tool_response>");
        return messages.EndsResults(index) ? Close() : this;
    }

    public override string ToString() => _text.ToString();
}
