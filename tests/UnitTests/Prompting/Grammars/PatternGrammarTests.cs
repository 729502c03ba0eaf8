using System.Text.Json;
using System.Text.RegularExpressions;
using Ollama.Platform.Prompting.Grammars;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

public sealed class PatternGrammarTests
{
    [Theory]
    [InlineData(@"^[A-Z]{2}\d{4}$")]
    [InlineData(@"^(\+\d{1,3} )?\(?\d{3}\)?[- ]\d{4}$")]
    [InlineData(@"^a|b$")]
    [InlineData(@"[a-m]")]
    [InlineData(@"^[^aeiou]+$")]
    [InlineData(@"^.{2,4}$")]
    [InlineData(@"^\w+([.-]\w+)*@\w+(\.\w{2,3})+$")]
    [InlineData(@"^""quoted"" \\ back$")]
    [InlineData(@"^(?:a|bc)*?d+?$")]
    [InlineData(@"^(?<year>\d{4})-x{0}(y)?$")]
    [InlineData(@"^[\w\-.]+\s\S$")]
    [InlineData(@"^\u00e4\x41[\]\[]$")]
    [InlineData(@"^$")]
    [InlineData(@"^a{,2}b{x}$")]
    [InlineData(@"^[👋-👍]+$")]
    public void What_a_pattern_lets_be_written_matches_it(string pattern)
    {
        var schema = JsonSerializer.SerializeToElement(new { type = "string", pattern });
        var matcher = Texts.Matcher(JsonSchemaGrammar.Compile(schema, GrammarLimits.Default).Text);
        var random = new Random(pattern.Length);
        var written = 0;
        for (var round = 0; round < 100; round++)
        {
            if (Texts.Write(matcher, random, 60) is { } bytes)
            {
                written++;
                var text = JsonDocument.Parse(bytes).RootElement.GetString()!;
                // Dialects disagree on the byte order mark.
                text = text.Replace('\uFEFF', 'x');
                // A class of the runtime's expressions has no characters beyond 16 bits.
                Assert.True(
                    text.Any(char.IsSurrogate) || Regex.IsMatch(text, pattern), $"{pattern} does not match {text}");
            }
        }

        Assert.True(written > 0);
    }

    [Theory]
    [InlineData(@"^[A-Z]{2}\\d+$", "'AB1'~'XY123'", "'AB'~'ab1'~'AB1 '")]
    [InlineData(@"^\\d{3}-\\d{4}$", "'555-1234'", "'555-123'~'5551234'~''")]
    [InlineData(@"cat", "'cat'~'a cat!'~'concatenate'", "'dog'~'ca t'")]
    [InlineData(@"^cat", "'cat'~'cats'", "'a cat'")]
    [InlineData(@"^(yes|no)$", "'yes'~'no'", "'yesno'~'maybe'")]
    [InlineData(@"^[^0-9]$", "'a'~'ä'~'👋'~'\\\\'", "'1'~'ab'")]
    [InlineData(@"^a\\n$", "'a\\n'", "'a\n'~'an'")]
    public void A_string_is_accepted_when_it_matches(string pattern, string good, string bad)
    {
        var schema = $"{{'type':'string','pattern':'{pattern}'}}";
        Schemas.Accepts(schema, good.Split('~'));
        Schemas.Rejects(schema, bad.Split('~'));
    }
}
