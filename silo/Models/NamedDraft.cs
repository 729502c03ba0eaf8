using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Puts the draft model that a request or the model's parameters name in the place of the model's own. Whoever names
/// one hears why it cannot serve.
/// </summary>
internal static class NamedDraft
{
    /// <summary>Name of the option.</summary>
    public const string OptionName = "draft_model";

    // What vocabularies of one family are padded by; the engine compares the tokens themselves.
    private const int PaddingMax = 128;

    /// <summary>The model with the draft model that its options name.</summary>
    /// <param name="model">The model as the client named it.</param>
    /// <param name="name">The draft model; empty for none, null for the model's own.</param>
    /// <param name="description">The model.</param>
    /// <param name="supply">Finds the draft model.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ModelException">There is no such draft model, or it cannot serve this model.</exception>
    public static async Task<ModelDescription> ApplyAsync(
        string model, string? name, ModelDescription description, IModelSupply supply,
        CancellationToken cancellationToken)
    {
        if (name is null || description.WeightsDescription.HasPooling)
        {
            return description;
        }

        return name.Length == 0
            ? description with { Draft = null }
            : description with { Draft = await FindAsync(model, name, description, supply, cancellationToken) };
    }

    /// <summary>The refusal of a draft model that a request named.</summary>
    public static ModelException Refuse(string? model, string name, string reason) =>
        new(ModelErrorCode.RequestInvalid, model, $"{OptionName} \"{name}\" cannot be used: {reason}");

    private static async Task<DraftDescription> FindAsync(
        string model, string name, ModelDescription description, IModelSupply supply,
        CancellationToken cancellationToken)
    {
        if (!ModelName.TryParse(name, out var parsed))
        {
            throw Refuse(model, name, "that is no name of a model");
        }

        try
        {
            var draft = await supply.FindAsync(parsed, cancellationToken)
                ?? throw Refuse(model, name, "there is no such model");
            return WhyUnfit(draft.WeightsDescription, description.WeightsDescription) is { } reason
                ? throw Refuse(model, name, reason)
                : new DraftDescription(draft.Weights, draft.WeightsDescription) { Name = name };
        }
        catch (ModelException failure) when (failure.Refusal.Model is null)
        {
            throw new ModelException(failure.Refusal with { Model = name }, failure);
        }
    }

    // What the headers tell; the rest is seen when both are loaded.
    private static string? WhyUnfit(WeightsDescription draft, WeightsDescription target)
    {
        var known = draft.VocabularySize > 0 && target.VocabularySize > 0;
        return draft.HasPooling ? "it generates no text"
            : known && Math.Abs(draft.VocabularySize - target.VocabularySize) > PaddingMax
                ? $"it has another vocabulary: it has {draft.VocabularySize} tokens and not {target.VocabularySize}"
                : null;
    }
}
