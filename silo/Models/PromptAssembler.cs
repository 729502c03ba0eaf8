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
    string Text, IOutputParser Parser, int ImageCount, AnswerPreface? Preface = null)
{
    /// <summary>The marks of calls that the model may make instead of an answer.</summary>
    public IReadOnlyList<CallMarks> CallMarks { get; init; } = [];
}

/// <summary>
/// The render step: chooses the form of the prompt (raw, fill-in-middle, chat template, bare) and renders it.
/// Pure CPU; the caller moves it off its turn.
/// </summary>
internal sealed class PromptAssembler(ChatFormats formats, TimeProvider time)
{
    /// <summary>Renders a request whole.</summary>
    /// <exception cref="TemplateException">The template does not parse or failed.</exception>
    /// <exception cref="ModelException">The model cannot fill a gap.</exception>
    /// <exception cref="OperationCanceledException">The rendering was ended early.</exception>
    public AssembledPrompt Assemble(
        GenerationRequest request, ModelDescription model, CancellationToken cancellationToken)
    {
        if (!request.Raw && request.Suffix is not { Length: > 0 })
        {
            return Render(request, model, Conversation.Of(request, model), cancellationToken);
        }

        var prompt = Prompt(request, model, [], cancellationToken);
        var text = request.Raw ? request.Prompt : FillIn(request, model, prompt);
        return new AssembledPrompt(text, ChatFormat.Bare.CreateParser(prompt, text), 0);
    }

    /// <summary>Renders a conversation with the template in effect.</summary>
    /// <exception cref="TemplateException">The template does not parse or failed.</exception>
    /// <exception cref="OperationCanceledException">The rendering was ended early.</exception>
    public AssembledPrompt Render(
        GenerationRequest request, ModelDescription model, IReadOnlyList<ChatMessage> messages,
        CancellationToken cancellationToken)
    {
        var format = Format(request, model);
        var prompt = Prompt(request, model, messages, cancellationToken);
        var text = format.Render(prompt);
        var parser = request.ToolChoice is { Required: true }
            ? format.CreateCallParser(prompt, text)
            : format.CreateParser(prompt, text);
        return new AssembledPrompt(
            text, parser, messages.Sum(message => message.Images.Count), format.FindPreface(prompt, text))
        {
            CallMarks = request.Tools.Count > 0 ? format.CallMarks : [],
        };
    }

    /// <summary>
    /// The request's own template comes first. A renderer that the config names overrides the model's templates, a
    /// parser that it names what they imply.
    /// </summary>
    private ChatFormat Format(GenerationRequest request, ModelDescription model)
    {
        if (request.Template is { } requested)
        {
            return ChatFormat.FromGo(requested);
        }

        var format = string.IsNullOrEmpty(model.Renderer)
            ? TemplateFormat(model)
            : ChatFormat.FromRenderer(model.Renderer, model.Name.Model, model.Details.ParameterSize)
                ?? throw new ModelException(
                    ModelErrorCode.TemplateFailed, request.Model, $"unknown renderer \"{model.Renderer}\"");
        return string.IsNullOrEmpty(model.Parser) ? format : format.ReadBy(model.Parser);
    }

    /// <summary>The model's own template, or the one of its weights, or none.</summary>
    private ChatFormat TemplateFormat(ModelDescription model) =>
        (model.GoTemplateUsed, model.Template, model.WeightsDescription.ChatTemplate) switch
        {
            (true, { } go, _) => formats.Get(TemplateLanguage.Go, go),
            (_, { } go, null) => formats.Get(TemplateLanguage.Go, go),
            (_, _, { } jinja) => formats.Get(TemplateLanguage.Jinja, jinja),
            _ => ChatFormat.Bare,
        };

    private ChatPrompt Prompt(
        GenerationRequest request, ModelDescription model, IReadOnlyList<ChatMessage> messages,
        CancellationToken cancellationToken) => new()
        {
            Messages = messages,
            Tools = request.Tools,
            Think = request.Think,
            CallsInPieces = request.CallsInPieces,
            BosToken = model.WeightsDescription.BosToken,
            AddsBosToken = model.WeightsDescription.AddsBosToken,
            EosToken = model.WeightsDescription.EosToken,
            Now = time.GetLocalNow(),
            Cancellation = cancellationToken,
        };

    private string FillIn(GenerationRequest request, ModelDescription model, ChatPrompt prompt)
    {
        var format = request.Template is { } requested ? ChatFormat.FromGo(requested)
            : model.Template is { } own ? formats.Get(TemplateLanguage.Go, own)
            : ChatFormat.Bare;
        if (format.SupportsInsert)
        {
            return format.RenderGap(prompt, request.Prompt, request.Suffix!);
        }

        return model.WeightsDescription is
        { FimPrefixToken: { } prefix, FimSuffixToken: { } suffix, FimMiddleToken: { } middle }
            ? FillInMiddle.Render(request.Prompt, request.Suffix!, prefix, suffix, middle)
            : throw new ModelException(ModelErrorCode.CapabilityMissing, request.Model, "insert");
    }
}
