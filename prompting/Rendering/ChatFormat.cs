using Ollama.Platform.Prompting.Go.Chat;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// How a model's conversations are written down and its completions read back. Made once for a model and shared: it is
/// immutable, and its methods run on the caller's thread.
/// </summary>
public sealed class ChatFormat : IPromptRenderer
{
    /// <summary>Characters that a template may write; more is taken for a template that does not end.</summary>
    public const int TextLengthMax = 16 << 20;

    private readonly IPromptRenderer _renderer;
    private readonly IOutputFormat _output;

    private ChatFormat(IPromptRenderer renderer, IOutputFormat output) => (_renderer, _output) = (renderer, output);

    /// <summary>The format of models without a chat template: the texts of user and assistant, joined.</summary>
    public static ChatFormat Bare { get; } = new(new BareRenderer(), new TaggedOutputFormat(OutputSyntax.Plain));

    /// <summary>The template has a place for tools.</summary>
    public bool SupportsTools { get; private init; }

    /// <summary>The template sets reasoning apart.</summary>
    public bool SupportsThinking { get; private init; }

    /// <summary>The template fills a gap between two texts.</summary>
    public bool SupportsInsert { get; private init; }

    /// <summary>The template writes tool calls and their results back into the conversation.</summary>
    public bool WritesToolResults { get; private init; }

    /// <summary>
    /// The marks that the parsers look for. They must reach a parser as text, also where they are special tokens.
    /// </summary>
    public IReadOnlyList<string> PreservedTokens => _output.Tags;

    /// <summary>
    /// The marks by which a call is told from its first character on; none where nothing tells it, and where a call
    /// stands before the answer.
    /// </summary>
    public IReadOnlyList<CallMarks> CallMarks => _output.CallMarks;

    /// <summary>Takes the format from the Jinja template that a GGUF file carries.</summary>
    /// <exception cref="TemplateException">The template does not parse.</exception>
    public static ChatFormat FromJinja(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var parsed = JinjaTemplate.Parse(template);
        var output = JinjaOutput.Of(template);
        return new(new JinjaRenderer(parsed, output), output)
        {
            SupportsTools = Has("tools") || Has("tool_call"),

            // A template that cuts reasoning off old answers, but has no name for it, belongs to a model that thinks.
            SupportsThinking = Has("</think>") && (Has("<think>") || !Has("reasoning_content")),
            WritesToolResults = Has("tool_calls") && (Has("'tool'") || Has("\"tool\"") || Has("tool_response")),
        };

        bool Has(string text) => template.Contains(text, StringComparison.Ordinal);
    }

    /// <summary>Takes the format from the Go template of a model's layer, or of a request.</summary>
    /// <exception cref="TemplateException">The template does not parse; the message is in Go's words.</exception>
    public static ChatFormat FromGo(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var parsed = GoChatTemplate.Parse(template);
        if (HarmonyOutputFormat.IsWrittenBy(template))
        {
            return new(new GoRenderer(parsed), new HarmonyOutputFormat())
            {
                SupportsTools = parsed.TakesTools,
                SupportsThinking = true,
                SupportsInsert = parsed.TakesSuffix,
                WritesToolResults = parsed.WritesToolResults,
            };
        }

        var output = new GoOutputFormat(parsed);
        return new(new GoRenderer(parsed), output)
        {
            SupportsTools = parsed.TakesTools,
            SupportsThinking = output.SetsThinkingApart,
            SupportsInsert = parsed.TakesSuffix,
            WritesToolResults = parsed.WritesToolResults,
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

    /// <summary>A model's config may name this parser.</summary>
    public static bool HasParser(string name) => BuiltInParsers.Find(name) is not null;

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
        return WithoutBosToken(prompt, _renderer.Render(_output.Adapt(prompt)));
    }

    /// <summary>Renders both sides of a gap for the model to fill; needs <see cref="SupportsInsert"/>.</summary>
    /// <param name="prompt">The circumstances; its messages do not count.</param>
    /// <param name="prefix">Text before the gap.</param>
    /// <param name="suffix">Text after the gap.</param>
    /// <exception cref="TemplateException">The template failed or exceeded its limits.</exception>
    public string RenderGap(ChatPrompt prompt, string prefix, string suffix) => _renderer is GoRenderer go
        ? WithoutBosToken(prompt, go.RenderGap(prompt, prefix, suffix))
        : throw new InvalidOperationException("The format fills no gaps.");

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

    /// <summary>Makes the parser for one completion whose answer follows <see cref="ToolCallGrammar"/>.</summary>
    /// <param name="prompt">What was rendered.</param>
    /// <param name="rendered">The text that it was rendered to, before it was shortened.</param>
    public IOutputParser CreateCallParser(ChatPrompt prompt, string rendered)
    {
        ArgumentNullException.ThrowIfNull(prompt);

        // Without tools the family's parser leaves the answer as it is.
        return new ForcedCallParser(
            CreateParser(prompt with { Tools = [] }, rendered), Random.Shared, prompt.CallsInPieces);
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

    private static string WithoutBosToken(ChatPrompt prompt, string text) =>
        prompt.AddsBosToken
        && !string.IsNullOrEmpty(prompt.BosToken)
        && text.StartsWith(prompt.BosToken, StringComparison.Ordinal)
            ? text[prompt.BosToken.Length..]
            : text;
}
