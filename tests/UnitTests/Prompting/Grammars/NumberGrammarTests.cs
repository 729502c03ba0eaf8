using System.Globalization;
using System.Text;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Prompting.Grammars;

public sealed class NumberGrammarTests
{
    [Fact]
    public void Whole_numbers_keep_exactly_to_random_bounds()
    {
        var random = new Random(11);
        for (var round = 0; round < 150; round++)
        {
            var (low, high) = (random.Next(-1200, 1200), random.Next(-1200, 1200));
            (low, high) = (Math.Min(low, high), Math.Max(low, high));
            var (hasLow, hasHigh) = (random.Next(4) > 0, random.Next(4) > 0);
            var schema = "{'type':'integer'" + (hasLow ? $",'minimum':{low}" : "")
                + (hasHigh ? $",'exclusiveMaximum':{high + 1}" : "") + "}";
            var matcher = Schemas.Compile(schema);
            for (var number = -1500; number < 1500; number++)
            {
                var inside = (!hasLow || number >= low) && (!hasHigh || number <= high);
                var text = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
                Assert.True(inside == Texts.Matches(matcher, text), $"{schema} with {number}");
            }
        }
    }

    [Fact]
    public void Decimal_numbers_keep_exactly_to_random_bounds()
    {
        var random = new Random(12);
        for (var round = 0; round < 300; round++)
        {
            var (low, high) = (Draw(), Draw());
            (low, high) = (Math.Min(low, high), Math.Max(low, high));
            var (lowOut, highOut) = (random.Next(2) == 0, random.Next(2) == 0);
            if (low == high && (lowOut || highOut))
            {
                continue;
            }

            var schema = string.Create(
                CultureInfo.InvariantCulture,
                $"{{'type':'number','{(lowOut ? "exclusiveMinimum" : "minimum")}':{low},")
                + string.Create(
                    CultureInfo.InvariantCulture, $"'{(highOut ? "exclusiveMaximum" : "maximum")}':{high}}}");
            var matcher = Schemas.Compile(schema);
            for (var step = 0; step < 400; step++)
            {
                var number = step switch { 0 => low, 1 => high, _ => Draw() };
                var inside = (lowOut ? number > low : number >= low) && (highOut ? number < high : number <= high);
                var text = number.ToString(CultureInfo.InvariantCulture);
                Assert.True(
                    inside == Texts.Matches(matcher, Encoding.UTF8.GetBytes(text)), $"{schema} with {text}");
            }
        }

        decimal Draw() => Math.Round(random.Next(-3000, 3000) / (decimal)(random.Next(5) switch
        {
            0 => 1,
            1 => 10,
            2 => 100,
            _ => 1000,
        }), 3) / 1.000000000000000000000000m;
    }

    [Theory]
    [InlineData("{'type':'integer','minimum':-9223372036854775808,'maximum':9223372036854775807}", "9223372036854775807", "9223372036854775808")]
    [InlineData("{'type':'integer','minimum':1.5}", "2", "1")]
    [InlineData("{'type':'integer','maximum':1e400}", "5", "x")]
    [InlineData("{'type':'number','minimum':0,'exclusiveMinimum':true}", "0.5", "0")]
    [InlineData("{'type':'number','minimum':0,'maximum':1}", "0.75", "-0.5")]
    [InlineData("{'type':'integer','minimum':0,'multipleOf':1}", "5", "-1")]
    public void Unusual_bounds_hold(string schema, string good, string bad)
    {
        Schemas.Accepts(schema, good);
        Schemas.Rejects(schema, bad);
    }
}
