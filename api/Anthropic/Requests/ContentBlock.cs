using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>A block as the client sent it. Which fields count depends on its type.</summary>
internal sealed record ContentBlock
{
    /// <summary>What it is.</summary>
    public string Type { get; init; } = "";

    /// <summary>Of <c>text</c>: the text.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of <c>thinking</c>: the reasoning.</summary>
    public string Thinking { get; init; } = "";

    /// <summary>Of <c>image</c>: where the bytes are.</summary>
    public JsonElement Source { get; init; }

    /// <summary>Of <c>tool_use</c>: names the call.</summary>
    public string Id { get; init; } = "";

    /// <summary>Of <c>tool_use</c>: the function.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of <c>tool_use</c>: the arguments.</summary>
    public JsonElement Input { get; init; }

    /// <summary>Of <c>tool_result</c>: the call that is answered.</summary>
    public string ToolUseId { get; init; } = "";

    /// <summary>Of <c>tool_result</c>: a string or blocks.</summary>
    public JsonElement Content { get; init; }

    /// <summary>Reads one element of a field that holds blocks.</summary>
    /// <exception cref="Contracts.Errors.ModelException">It is no object, or a field has the wrong type.</exception>
    public static ContentBlock Read(GoField field, JsonElement element)
    {
        var source = GoObject.Separate(field, element, "ContentBlock");
        var block = new ContentBlock();
        foreach (var part in source.Fields)
        {
            block = part.Name switch
            {
                "type" => block with { Type = part.AsString() ?? block.Type },
                "text" => block with { Text = part.AsString() ?? block.Text },
                "thinking" => block with { Thinking = part.AsString() ?? block.Thinking },
                "source" => block with { Source = part.Value },
                "id" => block with { Id = part.AsString() ?? block.Id },
                "name" => block with { Name = part.AsString() ?? block.Name },
                "input" => block with { Input = part.Value },
                "tool_use_id" => block with { ToolUseId = part.AsString() ?? block.ToolUseId },
                "content" => block with { Content = part.Value },
                _ => block,
            };
        }

        source.Errors.ThrowIfAny();
        return block;
    }
}
