using System.Text;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>
/// Puts the blocks of one message together: texts become one, each result of a tool becomes a message of its own in
/// front of it. Blocks of unknown types do not count, as Ollama has it, but for documents, which nobody should believe
/// to have been read.
/// </summary>
internal sealed class MessageBlocks
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<ReadOnlyMemory<byte>> _images = [];
    private readonly List<ToolCall> _calls = [];
    private readonly List<ChatMessage> _results = [];

    /// <summary>The messages that the blocks make; none of nothing.</summary>
    /// <param name="role">Who speaks.</param>
    /// <param name="field">An array.</param>
    /// <param name="toolNames">Names of the tools that were called so far, by the call's id; grows.</param>
    /// <exception cref="Contracts.Errors.ModelException">A block cannot be read.</exception>
    public static IReadOnlyList<ChatMessage> Read(string role, GoField field, Dictionary<string, string> toolNames)
    {
        var blocks = new MessageBlocks();
        foreach (var element in field.Value.EnumerateArray())
        {
            blocks.Add(field, ContentBlock.Read(field, element), toolNames);
        }

        var isEmpty = blocks._text.Length + blocks._thinking.Length + blocks._images.Count + blocks._calls.Count == 0;
        return isEmpty ? blocks._results : [.. blocks._results, blocks.ToMessage(role)];
    }

    private ChatMessage ToMessage(string role) => new()
    {
        Role = role,
        Content = _text.ToString(),
        Thinking = _thinking.Length > 0 ? _thinking.ToString() : null,
        Images = _images,
        ToolCalls = _calls,
    };

    private void Add(GoField field, ContentBlock block, Dictionary<string, string> toolNames)
    {
        switch (block.Type)
        {
            case "text":
                _text.Append(block.Text);
                break;
            case "thinking":
                _thinking.Append(block.Thinking);
                break;
            case "image":
                _images.Add(ImageReader.Read(field, block.Source));
                break;
            case "tool_use":
                _calls.Add(ToCall(block, _calls.Count));
                toolNames[block.Id] = block.Name;
                break;
            case "tool_result":
                _results.Add(ToResult(field, block, toolNames));
                break;
            case "document":
                throw GoJsonErrors.Refuse("document blocks are not supported");
            default:
                break;
        }
    }

    private static ToolCall ToCall(ContentBlock block, int index)
    {
        var missing = block.Id.Length == 0 ? "id" : block.Name.Length == 0 ? "name" : null;
        if (missing is not null)
        {
            throw GoJsonErrors.Refuse($"tool_use block missing required '{missing}' field");
        }

        return new ToolCall
        {
            Id = block.Id,
            Index = index,
            Name = block.Name,
            Arguments = block.Input.ValueKind switch
            {
                JsonValueKind.Object => block.Input,
                JsonValueKind.Undefined or JsonValueKind.Null => EmptyObject.Element,
                _ => throw GoJsonErrors.Refuse("tool_use block has an 'input' that is no object"),
            },
        };
    }

    private static ChatMessage ToResult(GoField field, ContentBlock block, Dictionary<string, string> toolNames)
    {
        if (block.ToolUseId.Length == 0)
        {
            throw GoJsonErrors.Refuse("tool_result block missing required 'tool_use_id' field");
        }

        var result = new MessageBlocks();
        switch (block.Content.ValueKind)
        {
            case JsonValueKind.String:
                result._text.Append(block.Content.GetString());
                break;
            case JsonValueKind.Array:
                result.AddResultBlocks(field, block.Content);
                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                break;
            default:
                throw GoJsonErrors.Refuse("tool_result block has a 'content' that is neither a string nor blocks");
        }

        return result.ToMessage("tool") with
        {
            ToolCallId = block.ToolUseId,
            ToolName = toolNames.GetValueOrDefault(block.ToolUseId),
        };
    }

    // A result has text and images; what else a client may put there belongs to no tool's answer.
    private void AddResultBlocks(GoField field, JsonElement content)
    {
        foreach (var block in content.EnumerateArray().Select(element => ContentBlock.Read(field, element)))
        {
            if (block.Type is "text" or "image" or "document")
            {
                Add(field, block, []);
            }
        }
    }
}
