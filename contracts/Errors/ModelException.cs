namespace Ollama.Platform.Contracts.Errors;

/// <summary>A <see cref="Refusal"/> on its way up one process's stack; never crosses a silo.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Wraps a refusal.</summary>
    public ModelException(Refusal refusal)
        : base(Describe(refusal)) => Refusal = refusal;

    /// <summary>Refuses with a code, the model as the client wrote it and the code's detail.</summary>
    public ModelException(ModelErrorCode code, string? model = null, string? detail = null)
        : this(new Refusal(code, model, detail))
    {
    }

    /// <summary>Refuses because of another failure, which is kept for the log.</summary>
    public ModelException(Refusal refusal, Exception cause)
        : base(Describe(refusal), cause) => Refusal = refusal;

    /// <summary>What was refused.</summary>
    public Refusal Refusal { get; }

    private static string Describe(Refusal refusal) =>
        $"{refusal.Code} {refusal.Model}{(refusal.Detail is null ? "" : ": " + refusal.Detail)}";
}
