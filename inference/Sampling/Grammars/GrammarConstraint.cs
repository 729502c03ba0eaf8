using System.Numerics;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Holds the tokens of one sequence to a grammar. A token that ends a sequence may come only when the text is complete.
/// Belongs to the decode thread, but for its making.
/// </summary>
internal sealed class GrammarConstraint(GrammarMatcher matcher, PieceTable pieces, PieceTrie trie)
{
    /// <summary>Whether the text so far is whole.</summary>
    public bool IsComplete => matcher.IsComplete;

    /// <summary>Whether a token may come next.</summary>
    /// <exception cref="GrammarOverflowException">The grammar is too ambiguous.</exception>
    public bool Allows(int token) => pieces.IsEnd(token) ? matcher.IsComplete : matcher.Allows(pieces[token]);

    /// <summary>Takes a token that is allowed.</summary>
    public void Accept(int token)
    {
        if (!pieces.IsEnd(token))
        {
            matcher.Accept(pieces[token]);
        }
    }

    /// <summary>Moves the candidates that are allowed to the front, in their order.</summary>
    /// <returns>How many they are.</returns>
    /// <exception cref="GrammarOverflowException">The grammar is too ambiguous.</exception>
    public int Keep(Span<ulong> keys)
    {
        var count = 0;
        foreach (var key in keys)
        {
            if (Allows(CandidateKey.Index(key)))
            {
                keys[count++] = key;
            }
        }

        return count;
    }

    /// <summary>Puts all tokens that are allowed into <see cref="SamplerScratch.Keys"/>, in no order.</summary>
    /// <returns>How many they are.</returns>
    /// <exception cref="GrammarOverflowException">The grammar is too ambiguous.</exception>
    public int Collect(ReadOnlySpan<float> logits, SamplerScratch scratch)
    {
        var allowed = scratch.Allowed.AsSpan(0, trie.MaskLength);
        matcher.FillAllowed(trie, allowed);
        var count = 0;
        for (var word = 0; word < allowed.Length; word++)
        {
            for (var bits = allowed[word]; bits != 0; bits &= bits - 1)
            {
                var token = trie.Tokens[(word * 64) + BitOperations.TrailingZeroCount(bits)];
                if (logits[token] > float.NegativeInfinity)
                {
                    scratch.Keys[count++] = CandidateKey.Descending(logits[token], token);
                }
            }
        }

        return count;
    }

    /// <summary>Ends the use of the grammar.</summary>
    public void Release() => matcher.Release();
}
