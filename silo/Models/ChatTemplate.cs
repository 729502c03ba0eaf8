using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>A parsed chat template: renders conversations and makes the parsers that read the answers back.</summary>
/// <param name="Renderer">Renders a conversation.</param>
/// <param name="CreateParser">Makes a parser for the completion of a rendered prompt.</param>
internal sealed record ChatTemplate(IPromptRenderer Renderer, Func<ChatPrompt, string, IOutputParser> CreateParser);
