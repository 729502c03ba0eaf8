using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>
/// Turns the chunks of one choice of a completion into OpenAI's records. Lives on the request's task.
/// </summary>
/// <param name="index">Position among the choices.</param>
internal sealed class CompletionChoiceWire(int index)
{
    private string _echo = "";
    private int _characterCount;

    /// <summary>Puts a text in front of the answer.</summary>
    public void Echo(string text) => (_echo, _characterCount) = (text, CountCharacters(text));

    /// <summary>What a chunk brings, or the whole choice.</summary>
    public TextChoice ToChoice(GenerationChunk chunk)
    {
        var text = _echo + chunk.Content;
        _echo = "";
        return new TextChoice
        {
            Text = text,
            Index = index,
            FinishReason = chunk.FinishReason switch
            {
                null => null,
                FinishReason.Length => "length",
                _ => "stop",
            },
            LogProbs = ToLogProbs(chunk.LogProbs),
        };
    }

    private TextLogProbs? ToLogProbs(IReadOnlyList<TokenLogProb> tokens)
    {
        if (tokens.Count == 0)
        {
            return null;
        }

        var offsets = new List<int>(tokens.Count);
        foreach (var token in tokens)
        {
            offsets.Add(_characterCount);
            _characterCount += CountCharacters(token.Token);
        }

        return new TextLogProbs(
            [.. tokens.Select(token => token.Token)],
            [.. tokens.Select(token => token.LogProb)],
            [.. tokens.Select(token => ToMap(token.Top))],
            offsets);
    }

    // Two tokens may have the same text; the better one comes first.
    private static Dictionary<string, double> ToMap(IReadOnlyList<TokenLogProb> tokens)
    {
        var map = new Dictionary<string, double>();
        foreach (var token in tokens)
        {
            map.TryAdd(token.Token, token.LogProb);
        }

        return map;
    }

    private static int CountCharacters(string text) => text.EnumerateRunes().Count();
}
