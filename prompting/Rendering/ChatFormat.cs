using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// How a model's conversations are written down and its completions read back. Made once for a model and shared: it is
/// immutable, and its methods run on the caller's thread.
/// </summary>
public sealed class ChatFormat : IPromptRenderer
{
    private readonly IPromptRenderer _renderer;
    private readonly IOutputFormat _output;

    private ChatFormat(IPromptRenderer renderer, IOutputFormat output) => (_renderer, _output) = (renderer, output);

    /// <summary>The format of models without a chat template: the texts of user and assistant, joined.</summary>
    public static ChatFormat Bare { get; } = new(new BareRenderer(), new TaggedOutputFormat(OutputSyntax.Plain));

    /// <summary>The template has a place for tools.</summary>
    public bool SupportsTools { get; private init; }

    /// <summary>The template sets reasoning apart.</summary>
    public bool SupportsThinking { get; private init; }

    /// <summary>
    /// The marks that the parsers look for. They must reach a parser as text, also where they are special tokens.
    /// </summary>
    public IReadOnlyList<string> PreservedTokens => _output.Tags;

    /// <summary>Takes the format from the Jinja template that a GGUF file carries.</summary>
    /// <exception cref="TemplateException">The template does not parse.</exception>
    public static ChatFormat FromJinja(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var parsed = JinjaTemplate.Parse(template);
        var output = JinjaOutput.Of(template);
        var hasClose = template.Contains("</think>", StringComparison.Ordinal);
        return new(new JinjaRenderer(parsed, output), output)
        {
            SupportsTools = template.Contains("tools", StringComparison.Ordinal)
                || template.Contains("tool_call", StringComparison.Ordinal),

            // A template that cuts reasoning off old answers, but has no name for it, belongs to a model that thinks.
            SupportsThinking = hasClose
                && (template.Contains("<think>", StringComparison.Ordinal)
                    || !template.Contains("reasoning_content", StringComparison.Ordinal)),
        };
    }

    /// <summary>Takes the renderer of that name; completions are content throughout until a parser is named.</summary>
    /// <param name="name">Name of a built-in renderer, as a model's config gives it.</param>
    /// <param name="model">The model part of the model's name, which may say its size.</param>
    /// <param name="parameterSize">
    /// Its parameters, e.g. <c>8.0B</c>: some families have a layout of their own for large models.
    /// </param>
    /// <returns>Null when there is no renderer of that name.</returns>
    public static ChatFormat? FromRenderer(string name, string model, string parameterSize) =>
        BuiltInRenderers.Find(name, model, parameterSize) is { } renderer
            ? new(renderer, new TaggedOutputFormat(OutputSyntax.Plain))
            : null;

    /// <summary>A model's config may name this renderer.</summary>
    public static bool HasRenderer(string name) => BuiltInRenderers.Names.Contains(name);

    /// <summary>
    /// Whether the parser of that name finds tool calls, and whether it finds reasoning; neither for an unknown name.
    /// </summary>
    public static (bool Tools, bool Thinking) AbilitiesOf(string parser) =>
        BuiltInParsers.Find(parser) is { } found ? (found.Tools, found.Thinking) : (false, false);

    /// <summary>Reads completions with the parser of that name; a name that is unknown changes nothing.</summary>
    public ChatFormat ReadBy(string parser) =>
        BuiltInParsers.Find(parser) is { } found
            ? new(_renderer, found.Format) { SupportsTools = found.Tools, SupportsThinking = found.Thinking }
            : this;

    /// <inheritdoc/>
    public string Render(ChatPrompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var text = _renderer.Render(_output.Adapt(prompt));
        return prompt.AddsBosToken
            && !string.IsNullOrEmpty(prompt.BosToken)
            && text.StartsWith(prompt.BosToken, StringComparison.Ordinal)
                ? text[prompt.BosToken.Length..]
                : text;
    }

    /// <summary>Makes the parser for one completion.</summary>
    /// <param name="prompt">What was rendered; calls are looked for only where it offers tools.</param>
    /// <param name="rendered">The text that it was rendered to, before it was shortened.</param>
    public IOutputParser CreateParser(ChatPrompt prompt, string rendered) =>
        CreateParser(prompt, rendered, Random.Shared);

    /// <summary>Makes the parser for one completion, with ids of calls from the given source.</summary>
    public IOutputParser CreateParser(ChatPrompt prompt, string rendered, Random random)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(rendered);
        return _output.CreateParser(prompt, rendered, random);
    }

    /// <summary>What a completion may hold before its answer; null when it begins with the answer.</summary>
    /// <param name="prompt">What was rendered.</param>
    /// <param name="rendered">The text that it was rendered to.</param>
    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(rendered);
        return _output.FindPreface(prompt, rendered);
    }
}
