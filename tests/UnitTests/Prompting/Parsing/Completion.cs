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
        return new(
            string.Concat(outputs.Select(output => output.Content)),
            string.Concat(outputs.Select(output => output.Thinking)),
            string.Join(" ", calls.Select(Show)));
    }

    private static string Show(ToolCall call) => call.Name + call.Arguments.GetRawText();

    private static IEnumerable<string> Words(string text) =>
        Regex.Matches(text, @"\s*[^\s<]+|<|\s+").Select(match => match.Value);
}
