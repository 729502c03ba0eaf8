namespace Ollama.Platform.Inference.Drafting;

/// <summary>
/// Proposes the tokens that followed when a sequence last had its latest tokens: prompts are often quoted. Pure.
/// </summary>
internal static class PromptLookup
{
    // Three tokens rarely agree by chance; two do so often enough to be tried when three were not found.
    private const int PatternMax = 3;
    private const int PatternMin = 2;

    /// <summary>Writes the proposed tokens and returns how many; 0 when the latest tokens are new.</summary>
    /// <param name="tokens">The sequence so far.</param>
    /// <param name="draft">Places for the proposal.</param>
    public static int Propose(ReadOnlySpan<int> tokens, Span<int> draft)
    {
        for (var length = Math.Min(PatternMax, tokens.Length - 1); length >= PatternMin; length--)
        {
            // Without the last token, or the pattern would find itself.
            var place = tokens[..^1].LastIndexOf(tokens[^length..]);
            if (place >= 0)
            {
                var follow = tokens[(place + length)..];
                var count = Math.Min(follow.Length, draft.Length);
                follow[..count].CopyTo(draft);
                return count;
            }
        }

        return 0;
    }
}
