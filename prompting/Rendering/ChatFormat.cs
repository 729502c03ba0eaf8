using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// How a model's conversations are written down and its completions read back. Made once for a model and shared: it is
/// immutable, and its methods run on the caller's thread.
/// </summary>
public sealed class ChatFormat : IPromptRenderer
{
    private readonly JinjaTemplate? _template;
    private readonly OutputSyntax _syntax;
    private readonly Lazy<ArgumentForm> _argumentForm;

    private ChatFormat(JinjaTemplate? template, OutputSyntax syntax)
    {
        (_template, _syntax) = (template, syntax);
        _argumentForm = new(() => template is null ? ArgumentForm.Object : ArgumentProbe.Find(template));
    }

    /// <summary>The format of models without a chat template: the texts of user and assistant, joined.</summary>
    public static ChatFormat Bare { get; } = new(null, OutputSyntax.Plain);

    /// <summary>The template has a place for tools.</summary>
    public bool SupportsTools { get; private init; }

    /// <summary>The template sets reasoning apart.</summary>
    public bool SupportsThinking { get; private init; }

    /// <summary>
    /// The marks that the parsers look for. They must reach a parser as text, also where they are special tokens.
    /// </summary>
    public IReadOnlyList<string> PreservedTokens => _syntax.Tags;

    /// <summary>Takes the format from the Jinja template that a GGUF file carries.</summary>
    /// <exception cref="TemplateException">The template does not parse.</exception>
    public static ChatFormat FromJinja(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        var parsed = JinjaTemplate.Parse(template);
        var hasClose = template.Contains("</think>", StringComparison.Ordinal);
        return new(parsed, OutputSyntax.FromJinja(template))
        {
            SupportsTools = template.Contains("tools", StringComparison.Ordinal)
                || template.Contains("tool_call", StringComparison.Ordinal),

            // A template that cuts reasoning off old answers, but has no name for it, belongs to a model that thinks.
            SupportsThinking = hasClose
                && (template.Contains("<think>", StringComparison.Ordinal)
                    || !template.Contains("reasoning_content", StringComparison.Ordinal)),
        };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A last message of the assistant without tool calls is left open, so that the model goes on with it.
    /// </remarks>
    public string Render(ChatPrompt prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (_template is null)
        {
            return BarePrompt.Render(prompt.Messages);
        }

        var prefill = Prefill.Of(prompt);
        var messages = prefill is null ? prompt.Messages : [.. prompt.Messages.SkipLast(1)];
        var text = RenderTurns(_template, prompt, messages);
        if (prompt.AddsBosToken
            && !string.IsNullOrEmpty(prompt.BosToken)
            && text.StartsWith(prompt.BosToken, StringComparison.Ordinal))
        {
            text = text[prompt.BosToken.Length..];
        }

        return prefill is null ? text : Prefill.Append(prompt, text, prefill, _syntax);
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
        IToolCallReader? calls = prompt.Tools.Count == 0 ? null : _syntax.CallStyle switch
        {
            CallStyle.Json => new JsonCallReader(),
            CallStyle.Tags => new TagCallReader(prompt.Tools),
            _ => null,
        };
        return new TaggedOutputParser(_syntax, calls, Prefill.Beginning(prompt, rendered, _syntax), random);
    }

    /// <summary>What a completion may hold before its answer; null when it begins with the answer.</summary>
    /// <param name="prompt">What was rendered.</param>
    /// <param name="rendered">The text that it was rendered to.</param>
    public AnswerPreface? FindPreface(ChatPrompt prompt, string rendered)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(rendered);
        if (_syntax is not { ThinkingOpen: { } open, ThinkingClose: { } close })
        {
            return null;
        }

        return Prefill.Beginning(prompt, rendered, _syntax) switch
        {
            OutputBeginning.ThinkingOpened or OutputBeginning.WithinThinking => new AnswerPreface(null, close),
            OutputBeginning.Open when prompt.Think is { Enabled: true } => new AnswerPreface(open, close),
            _ => null,
        };
    }

    private string RenderTurns(JinjaTemplate template, ChatPrompt prompt, IReadOnlyList<ChatMessage> messages)
    {
        if (messages.All(message => message.ToolCalls.Count == 0))
        {
            return RenderWith(ArgumentForm.Object);
        }

        var form = _argumentForm.Value;
        try
        {
            return RenderWith(form);
        }
        catch (TemplateException)
        {
            try
            {
                return RenderWith(form == ArgumentForm.Object ? ArgumentForm.Text : ArgumentForm.Object);
            }
            catch (TemplateException)
            {
                // The failure with the form that the template seemed to expect says more.
            }

            throw;
        }

        string RenderWith(ArgumentForm arguments) =>
            template.Render(PromptVariables.Of(prompt, messages, arguments), prompt.Now);
    }
}
