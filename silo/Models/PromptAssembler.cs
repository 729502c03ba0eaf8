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
/// <param name="Preface">What the model may write before its answer; null for nothing.</param>
internal sealed record AssembledPrompt(
    string Text, IOutputParser Parser, int ImageCount, AnswerPreface? Preface = null);

/// <summary>
/// The render step: chooses the form of the prompt (raw, fill-in-middle, chat template, bare) and renders it.
/// Pure CPU; the caller moves it off its turn.
/// </summary>
internal sealed class PromptAssembler(ChatFormats formats, TimeProvider time)
{
    /// <summary>Renders a request whole.</summary>
    /// <exception cref="TemplateException">The template does not parse or failed.</exception>
    /// <exception cref="ModelException">The model has no usable template.</exception>
    public AssembledPrompt Assemble(GenerationRequest request, ModelDescription model)
    {
        if (!request.Raw && request.Suffix is not { Length: > 0 })
        {
            return Render(request, model, Conversation.Of(request, model));
        }

        var text = request.Raw ? request.Prompt : FillIn(request, model.WeightsDescription);
        return new AssembledPrompt(text, ChatFormat.Bare.CreateParser(Prompt(request, model, []), text), 0);
    }

    /// <summary>Renders a conversation with the model's template.</summary>
    /// <exception cref="TemplateException">The template does not parse or failed.</exception>
    /// <exception cref="ModelException">The model has no usable template.</exception>
    public AssembledPrompt Render(
        GenerationRequest request, ModelDescription model, IReadOnlyList<ChatMessage> messages)
    {
        var format = Format(request, model);
        var prompt = Prompt(request, model, messages);
        var text = format.Render(prompt);
        return new AssembledPrompt(
            text, format.CreateParser(prompt, text), messages.Sum(message => message.Images.Count),
            format.FindPreface(prompt, text));
    }

    /// <summary>
    /// A renderer that the config names overrides every template, a parser that it names every other.
    /// </summary>
    private ChatFormat Format(GenerationRequest request, ModelDescription model)
    {
        var format = string.IsNullOrEmpty(model.Renderer)
            ? TemplateFormat(request, model)
            : ChatFormat.FromRenderer(model.Renderer, model.Name.Model, model.Details.ParameterSize)
                ?? throw new ModelException(
                    ModelErrorCode.TemplateFailed, request.Model, $"unknown renderer \"{model.Renderer}\"");
        return string.IsNullOrEmpty(model.Parser) ? format : format.ReadBy(model.Parser);
    }

    private ChatFormat TemplateFormat(GenerationRequest request, ModelDescription model) =>
        model.WeightsDescription.ChatTemplate is { } template ? formats.Get(template)
        : model.Template is null ? ChatFormat.Bare
        : throw new ModelException(
            ModelErrorCode.Unsupported, request.Model,
            "the model has only a Go template, and those are not supported yet");

    private ChatPrompt Prompt(
        GenerationRequest request, ModelDescription model, IReadOnlyList<ChatMessage> messages) => new()
        {
            Messages = messages,
            Tools = request.Tools,
            Think = request.Think,
            BosToken = model.WeightsDescription.BosToken,
            AddsBosToken = model.WeightsDescription.AddsBosToken,
            EosToken = model.WeightsDescription.EosToken,
            Now = time.GetLocalNow(),
        };

    private static string FillIn(GenerationRequest request, WeightsDescription weights) =>
        weights is { FimPrefixToken: { } prefix, FimSuffixToken: { } suffix, FimMiddleToken: { } middle }
            ? FillInMiddle.Render(request.Prompt, request.Suffix!, prefix, suffix, middle)
            : throw new ModelException(ModelErrorCode.CapabilityMissing, request.Model, "insert");
}
