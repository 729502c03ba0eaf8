using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>Renders with the Jinja template that a GGUF file carries.</summary>
/// <param name="template">The template.</param>
/// <param name="output">How its model writes.</param>
internal sealed class JinjaRenderer(JinjaTemplate template, IOutputFormat output) : IPromptRenderer
{
    private readonly Lazy<ArgumentForm> _argumentForm = new(() => ArgumentProbe.Find(template));

    /// <remarks>
    /// A last message of the assistant without tool calls is left open, so that the model goes on with it.
    /// </remarks>
    public string Render(ChatPrompt prompt)
    {
        var prefill = Prefill.Of(prompt);
        var messages = prefill is null ? prompt.Messages : [.. prompt.Messages.SkipLast(1)];
        var text = RenderTurns(prompt, messages);
        return prefill is null ? text : output.AppendPrefill(prompt, text, prefill);
    }

    private string RenderTurns(ChatPrompt prompt, IReadOnlyList<ChatMessage> messages)
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
            template.Render(PromptVariables.Of(prompt, messages, arguments), prompt.Now, prompt.Cancellation);
    }
}
