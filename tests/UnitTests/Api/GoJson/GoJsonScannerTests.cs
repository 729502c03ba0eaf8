using System.Text;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.UnitTests.Api.GoJson;

public sealed class GoJsonScannerTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData(" \t\r\n[1, 2] x", "[1, 2]")]
    [InlineData("{\"a\":{\"b\":[{}]}}}", "{\"a\":{\"b\":[{}]}}")]
    [InlineData("12x", "12")]
    [InlineData("007", "0")]
    [InlineData("-0.5e+10,", "-0.5e+10")]
    [InlineData("true false", "true")]
    [InlineData("nullx", "null")]
    [InlineData("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"{", "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"")]
    [InlineData("[]]", "[]")]
    [InlineData("{ } }", "{ }")]
    public void The_first_value_is_taken_and_the_rest_is_not_looked_at(string body, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Assert.Null(GoJsonScanner.Scan(bytes, out var value));
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes[value]));
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData(" \n", "EOF")]
    [InlineData("}", "invalid character '}' looking for beginning of value")]
    [InlineData("]", "invalid character ']' looking for beginning of value")]
    [InlineData(",", "invalid character ',' looking for beginning of value")]
    [InlineData("[,1]", "invalid character ',' looking for beginning of value")]
    [InlineData("[}", "invalid character '}' looking for beginning of value")]
    [InlineData("{]", "invalid character ']' looking for beginning of object key string")]
    [InlineData("{\"a\":}", "invalid character '}' looking for beginning of value")]
    [InlineData("{\"a\",1}", "invalid character ',' after object key")]
    [InlineData("{\"a\":1]", "invalid character ']' after object key:value pair")]
    [InlineData("[1}", "invalid character '}' after array element")]
    [InlineData("[1:2]", "invalid character ':' after array element")]
    [InlineData("falsy", "invalid character 'y' in literal false (expecting 'e')")]
    [InlineData("nil", "invalid character 'i' in literal null (expecting 'u')")]
    [InlineData("+1", "invalid character '+' looking for beginning of value")]
    [InlineData(".5", "invalid character '.' looking for beginning of value")]
    [InlineData("NaN", "invalid character 'N' looking for beginning of value")]
    [InlineData("\"a\nb\"", "invalid character '\\n' in string literal")]
    [InlineData("\"\\x41\"", "invalid character 'x' in string escape code")]
    [InlineData("\"\\u00zz\"", "invalid character 'z' in \\u hexadecimal character escape")]
    [InlineData("\u0000", "invalid character '\\x00' looking for beginning of value")]
    [InlineData("\u007f", "invalid character '\\x7f' looking for beginning of value")]
    [InlineData("\"", "unexpected EOF")]
    [InlineData("\"\\", "unexpected EOF")]
    [InlineData("\"\\u00", "unexpected EOF")]
    [InlineData("\"a\\\"", "unexpected EOF")]
    [InlineData("[1", "unexpected EOF")]
    [InlineData("[1,", "unexpected EOF")]
    [InlineData("[", "unexpected EOF")]
    [InlineData("{\"a\":1,", "unexpected EOF")]
    [InlineData("1.", "unexpected EOF")]
    [InlineData("1e", "unexpected EOF")]
    [InlineData("1e+", "unexpected EOF")]
    [InlineData("nul", "unexpected EOF")]
    public void What_is_malformed_is_explained_in_the_words_of_Go(string body, string expected) =>
        Assert.Equal(expected, GoJsonScanner.Scan(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void A_byte_order_mark_is_no_value() =>
        Assert.Equal(
            "invalid character 'ï' looking for beginning of value",
            GoJsonScanner.Scan([0xef, 0xbb, 0xbf, (byte)'{', (byte)'}'], out _));

    [Fact]
    public void Nesting_has_a_limit()
    {
        var deepest = new string('[', GoJsonScanner.DepthMax) + new string(']', GoJsonScanner.DepthMax);
        Assert.Null(GoJsonScanner.Scan(Encoding.UTF8.GetBytes(deepest), out _));
        Assert.Equal(JsonValueKind.Array, GoJsonBody.Parse(Encoding.UTF8.GetBytes(deepest)).ValueKind);
        Assert.Equal(
            "invalid character '[' exceeded max depth",
            GoJsonScanner.Scan(Encoding.UTF8.GetBytes("[" + deepest), out _));
        Assert.Equal(
            "invalid character '[' exceeded max depth",
            GoJsonScanner.Scan(Encoding.UTF8.GetBytes(new string('[', 1_000_000)), out _));
    }

    [Theory]
    [InlineData("\"\\ud83d\\ude00\"", "\U0001f600")]
    [InlineData("\"a\\ud83d\"", "a\ufffd")]
    [InlineData("\"\\ude00b\"", "\ufffdb")]
    [InlineData("\"\\ud83d\\ud83d\\ude00\"", "\ufffd\U0001f600")]
    [InlineData("\"\\ud83d\\n\"", "\ufffd\n")]
    [InlineData("\"\\uD83Dx\"", "\ufffdx")]
    public void Half_a_surrogate_pair_becomes_the_replacement_character(string body, string expected) =>
        Assert.Equal(expected, GoJsonBody.Parse(Encoding.UTF8.GetBytes(body)).GetString());

    [Fact]
    public void Half_a_surrogate_pair_in_a_name_is_mended_too()
    {
        var root = GoJsonBody.Parse("{\"\\ud800\":1}"u8.ToArray());
        Assert.Equal("\ufffd", Assert.Single(root.EnumerateObject()).Name);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_the_replacement_character()
    {
        byte[] body = [(byte)'"', (byte)'a', 0xff, (byte)'b', (byte)'"'];
        Assert.Equal("a\ufffdb", GoJsonBody.Parse(body).GetString());
    }

    [Fact]
    public void Random_bytes_are_parsed_or_refused()
    {
        // Seeded, so that a failure can be repeated.
        var random = new Random(20260821);
        var alphabet = "{}[]\",:\\u0d8truefalsn-+.e1 \n\u00e9"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var body = new byte[random.Next(1, 24)];
            foreach (ref var octet in body.AsSpan())
            {
                octet = random.Next(50) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            }

            try
            {
                Walk(GoJsonBody.Parse(body));
            }
            catch (ModelException exception)
            {
                Assert.Equal(ModelErrorCode.RequestInvalid, exception.Refusal.Code);
            }
        }
    }

    private static void Walk(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Assert.NotNull(value.GetString());
                break;
            case JsonValueKind.Array:
                value.EnumerateArray().ToList().ForEach(Walk);
                break;
            case JsonValueKind.Object:
                value.EnumerateObject().ToList().ForEach(property => Walk(property.Value));
                break;
            default:
                break;
        }
    }
}
