using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.UnitTests.Api.GoJson;

public sealed class GoOutputTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.00001, "0.00001")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(0.00000123, "0.00000123")]
    [InlineData(0.000000999, "9.99e-7")]
    [InlineData(-1.5e-7, "-1.5e-7")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(123456789012345680000d, "123456789012345680000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(-1.25e300, "-1.25e+300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1234567.5, "1234567.5")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    public void Doubles_are_spelled_as_in_Go(double value, string expected) => Assert.Equal(expected, Write(value));

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(1.5e-5f, "0.000015")]
    [InlineData(1e-6f, "0.000001")]
    [InlineData(1.2e8f, "120000000")]
    [InlineData(12345678.5f, "12345678")]
    [InlineData(1.1754944e-38f, "1.1754944e-38")]
    [InlineData(float.MaxValue, "3.4028235e+38")]
    public void Singles_are_spelled_as_in_Go(float value, string expected) => Assert.Equal(expected, Write(value));

    [Fact]
    public void Every_number_reads_back_as_itself()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (float.IsFinite(value))
            {
                Assert.Equal(value, float.Parse(Write(value), CultureInfo.InvariantCulture));
                Assert.Equal(value, JsonElement.Parse(Write(value)).GetSingle());
            }
        }
    }

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("a'b+c`d=/", "\"a'b+c`d=/\"")]
    [InlineData("\"\\", "\"\\\"\\\\\"")]
    [InlineData("\b\f\n\r\t\u000b\u0000\u001f\u007f", "\"\\b\\f\\n\\r\\t\\u000b\\u0000\\u001f\u007f\"")]
    [InlineData("<script>&", "\"\\u003cscript\\u003e\\u0026\"")]
    [InlineData("\u2028\u2029\u2027", "\"\\u2028\\u2029\u2027\"")]
    [InlineData("é€\U0001f600", "\"é€\U0001f600\"")]
    public void Strings_are_escaped_as_in_Go(string text, string expected) =>
        Assert.Equal("{\"error\":" + expected + "}", Error(text));

    [Fact]
    public void Half_a_surrogate_pair_is_written_as_the_replacement_character()
    {
        Assert.Equal("{\"error\":\"a\\ufffdb\"}", Error("a\ud83db"));
        Assert.Equal("{\"error\":\"\\ufffd\\ufffd\"}", Error("\ude00\ud83d"));
    }

    [Fact]
    public void A_long_string_is_written_whole()
    {
        var text = new string('<', 100_000);
        Assert.Equal(text, JsonElement.Parse(Error(text)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("\"\\\a\v\u0001", "\"\\\"\\\\\\a\\v\\x01\"")]
    [InlineData("é\u00a0\u200b\U0001f600\U000e0001", "\"é\\u00a0\\u200b\U0001f600\\U000e0001\"")]
    public void Text_in_errors_is_quoted_as_in_Go(string text, string expected) =>
        Assert.Equal(expected, GoText.Quote(text));

    private static string Error(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            JsonSerializer.Serialize(writer, new ErrorLine(text), WireJson.Default.ErrorLine);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Write<T>(T value)
        where T : struct, IUtf8SpanFormattable
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            GoNumber.Write(writer, value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
