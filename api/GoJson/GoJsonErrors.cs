using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.GoJson;

/// <summary>
/// What went wrong while one value was read into its Go type. Go reads on after a field of the wrong type and reports
/// the first one at the end; types with a reader of their own report at once.
/// </summary>
internal sealed class GoJsonErrors
{
    private string? _first;

    /// <summary>Keeps the first error.</summary>
    public void Add(string message) => _first ??= message;

    /// <summary>Ends the reading of a value.</summary>
    /// <exception cref="ModelException">A field could not be read.</exception>
    public void ThrowIfAny()
    {
        if (_first is not null)
        {
            throw Refuse(_first);
        }
    }

    /// <summary>The refusal of a body, with Go's text as the whole message.</summary>
    public static ModelException Refuse(string message) => new(ModelErrorCode.RequestInvalid, detail: message);
}
