using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>What <c>tool_choice</c> asks for.</summary>
/// <param name="Forbidden">The model may not call a tool.</param>
/// <param name="Choice">What it may or must call; null leaves that to the model.</param>
/// <param name="Allowed">The tools that count; null for all.</param>
internal sealed record ToolChoiceSetting(bool Forbidden, ToolChoice? Choice, IReadOnlyList<string>? Allowed)
{
    /// <summary>What holds when nothing is said.</summary>
    public static ToolChoiceSetting Auto { get; } = new(false, null, null);

    /// <summary>The tools that the model is told of.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A tool that is allowed does not exist.</exception>
    public IReadOnlyList<ToolDefinition> Choose(IReadOnlyList<ToolDefinition> tools)
    {
        if (Forbidden)
        {
            return [];
        }

        if (Allowed is null)
        {
            return tools;
        }

        return Allowed.FirstOrDefault(name => tools.All(tool => tool.Name != name)) is { } missing
            ? throw GoJsonErrors.Refuse($"tool_choice: there is no tool {GoText.Quote(missing)}")
            : [.. tools.Where(tool => Allowed.Contains(tool.Name))];
    }
}
