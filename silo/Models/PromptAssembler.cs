using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>A prompt as text, with what reads its completion back.</summary>
/// <param name="Text">The text to tokenize.</param>
/// <param name="Parser">Reads the completion.</param>
/// <param name="ImageCount">Images that the prompt refers to.</param>
internal sealed record AssembledPrompt(string Text, IOutputParser Parser, int ImageCount);

/// <summary>
/// The render step: chooses the form of the prompt (raw, fill-in-middle, chat template, bare) and renders it.
/// Pure CPU; the caller moves it off its turn.
/// </summary>
internal sealed class PromptAssembler(ChatTemplates templates, TimeProvider time)
{
    /// <summary>Renders a request whole.</summary>
    /// <exception cref="TemplateException">The template does not parse or failed.</exception>
    /// <exception cref="ModelException">The model has no usable template.</exception>
    public AssembledPrompt Assemble(GenerationRequest request, ModelDescription model)
    {
        if (request.Raw)
        {
            return new AssembledPrompt(request.Prompt, new PlainParser(), 0);
        }

        if (request.Suffix is { Length: > 0 } suffix)
        {
            return new AssembledPrompt(FillIn(request, suffix, model.WeightsDescription), new PlainParser(), 0);
        }

        return Render(request, model, Conversation.Of(request, model));
    }

    /// <summary>Renders a conversation with the model's template.</summary>
    /// <exception cref="TemplateException">The template does not parse or failed.</exception>
    /// <exception cref="ModelException">The model has no usable template.</exception>
    public AssembledPrompt Render(
        GenerationRequest request, ModelDescription model, IReadOnlyList<ChatMessage> messages)
    {
        var images = messages.Sum(message => message.Images.Count);
        if (model.WeightsDescription.ChatTemplate is not { } source)
        {
            return new AssembledPrompt(Bare(request, model, messages), new PlainParser(), images);
        }

        var template = templates.Get(source);
        var prompt = new ChatPrompt
        {
            Messages = messages,
            Tools = request.Tools,
            Think = request.Think,
            BosToken = model.WeightsDescription.BosToken,
            EosToken = model.WeightsDescription.EosToken,
            Now = time.GetLocalNow(),
        };
        var text = template.Renderer.Render(prompt);
        return new AssembledPrompt(text, template.CreateParser(prompt, text), images);
    }

    private static string FillIn(GenerationRequest request, string suffix, WeightsDescription weights) =>
        weights is { FimPrefixToken: { } first, FimSuffixToken: { } second, FimMiddleToken: { } third }
            ? first + request.Prompt + second + suffix + third
            : throw new ModelException(ModelErrorCode.CapabilityMissing, request.Model, "insert");

    /// <summary>Without any template a prompt is the text of the turns, as Ollama's default template has it.</summary>
    private static string Bare(GenerationRequest request, ModelDescription model, IReadOnlyList<ChatMessage> messages) =>
        model.Template is null
            ? string.Concat(messages.Where(message => message.Role != "system").Select(message => message.Content))
            : throw new ModelException(
                ModelErrorCode.Unsupported, request.Model,
                "the model has only a Go template, and those are not supported yet");
}
