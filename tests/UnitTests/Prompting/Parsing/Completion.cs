using System.Text;
using System.Text.RegularExpressions;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>What a parser made of a whole completion: the pieces joined.</summary>
internal sealed record Completion(string Content, string Thinking, string Calls)
{
    /// <summary>
    /// Reads the text whole, by words, by characters and cut in two at every position; every way must give the same.
    /// </summary>
    public static Completion Of(Func<IOutputParser> parser, string text)
    {
        var whole = Read(parser(), [text]);
        Assert.Equal(whole, Read(parser(), Words(text)));
        Assert.Equal(whole, Read(parser(), text.Select(character => character.ToString())));
        for (var cut = 1; cut < text.Length; cut++)
        {
            Assert.Equal(whole, Read(parser(), [text[..cut], text[cut..]]));
        }

        return whole;
    }

    /// <summary>
    /// As <see cref="Of(Func{IOutputParser}, string)"/>, with calls whole and in pieces. A call that breaks after some
    /// of it was told is refused, whatever becomes of one that nobody knows of.
    /// </summary>
    public static Completion Of(Func<bool, IOutputParser> parser, string text)
    {
        var whole = Of(() => parser(false), text);
        try
        {
            Assert.Equal(whole, Of(() => parser(true), text));
        }
        catch (OutputFormatException)
        {
            Refusal(() => parser(true), text);
        }

        return whole;
    }

    /// <summary>Asserts that every way of cutting the text is refused, and returns the message.</summary>
    public static string Refusal(Func<IOutputParser> parser, string text)
    {
        var message = Assert.Throws<OutputFormatException>(() => Read(parser(), [text])).Message;
        var byCharacters = text.Select(character => character.ToString());
        Assert.Equal(message, Assert.Throws<OutputFormatException>(() => Read(parser(), byCharacters)).Message);
        return message;
    }

    public static Completion Read(IOutputParser parser, IEnumerable<string> pieces)
    {
        var outputs = pieces.Select(parser.Read).ToList();
        outputs.Add(parser.Finish());
        var calls = outputs.SelectMany(output => output.ToolCalls).ToList();
        Assert.Equal(Enumerable.Range(0, calls.Count), calls.Select(call => call.Index));
        Assert.All(calls, call => Assert.Matches("^call_[a-z0-9]{8}$", call.Id));
        CheckPieces(outputs, calls);
        return new(
            string.Concat(outputs.Select(output => output.Content)),
            string.Concat(outputs.Select(output => output.Thinking)),
            string.Join(" ", calls.Select(Show)));
    }

    /// <summary>What a client got in pieces is the call that it gets whole.</summary>
    private static void CheckPieces(IEnumerable<ParsedOutput> outputs, List<ToolCall> calls)
    {
        var begun = -1;
        var texts = new Dictionary<int, (ToolCallPiece First, StringBuilder Arguments)>();
        foreach (var piece in outputs.SelectMany(output => output.CallPieces))
        {
            Assert.NotEmpty(piece.Arguments);
            Assert.Equal(piece.Index > begun, piece.Name is not null && piece.Id is not null);
            begun = Math.Max(begun, piece.Index);
            Assert.Equal(begun, piece.Index);
            if (!texts.TryGetValue(begun, out var text))
            {
                texts[begun] = text = (piece, new StringBuilder());
            }

            text.Arguments.Append(piece.Arguments);
        }

        foreach (var call in calls.Where(call => texts.ContainsKey(call.Index)))
        {
            var (first, arguments) = texts[call.Index];
            Assert.Equal(
                (call.Id, call.Name, call.Arguments.GetRawText()), (first.Id, first.Name, arguments.ToString()));
        }
    }

    private static string Show(ToolCall call) => call.Name + call.Arguments.GetRawText();

    private static IEnumerable<string> Words(string text) =>
        Regex.Matches(text, @"\s*[^\s<]+|<|\s+").Select(match => match.Value);
}
