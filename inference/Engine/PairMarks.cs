namespace Ollama.Platform.Inference.Engine;

/// <summary>The tokens that mark off the two texts of a pair to a model that ranks.</summary>
/// <param name="Before">In front of the first text.</param>
/// <param name="Between">Behind the first and in front of the second.</param>
/// <param name="Behind">Behind the second.</param>
public sealed record PairMarks(IReadOnlyList<int> Before, IReadOnlyList<int> Between, IReadOnlyList<int> Behind)
{
    /// <summary>Texts that follow each other without a mark.</summary>
    public static PairMarks None { get; } = new([], [], []);
}
