using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>A function that templates can call.</summary>
/// <param name="Body">Computes the result of the given number of arguments, or more.</param>
/// <param name="ParameterCount">How many arguments it needs.</param>
/// <param name="IsVariadic">It takes more, too.</param>
internal sealed record GoFunction(
    Func<GoCall, GoValue[], GoValue> Body, int ParameterCount, bool IsVariadic = false)
{
    /// <summary>The first argument must be a text.</summary>
    public bool BeginsWithText { get; init; }

    /// <summary>
    /// The truth that decides the result before the other arguments are computed; null for the others.
    /// </summary>
    public bool? ShortCircuitsOn { get; init; }
}
