using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Puts what became certain at one time in the order in which a client may get it: a call that has begun comes before
/// everything else, and each call before the next one. Pure.
/// </summary>
internal static class CallOrder
{
    /// <summary>The parts of an output; none of an empty one, and only one where no call comes in pieces.</summary>
    public static IEnumerable<ParsedOutput> Split(ParsedOutput output)
    {
        if (output.CallPieces.Count == 0)
        {
            return HasText(output) || output.ToolCalls.Count > 0 ? [output] : [];
        }

        var calls = output.CallPieces.Select(piece => piece.Index)
            .Concat(output.ToolCalls.Select(call => call.Index))
            .Distinct()
            .Order()
            .Select(index => new ParsedOutput
            {
                CallPieces = [.. output.CallPieces.Where(piece => piece.Index == index)],
                ToolCalls = [.. output.ToolCalls.Where(call => call.Index == index)],
            });
        var text = HasText(output) ? new[] { output with { CallPieces = [], ToolCalls = [] } } : [];

        // Only the first piece of a call has its name.
        var begunCount = output.CallPieces[0].Name is null ? 1 : 0;
        return [.. calls.Take(begunCount), .. text, .. calls.Skip(begunCount)];
    }

    private static bool HasText(ParsedOutput output) => output.Content.Length + output.Thinking.Length > 0;
}
