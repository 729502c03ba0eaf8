using System.Text;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>Text of every script, and bytes that are none, in and out.</summary>
[Collection(nameof(SharedServer))]
public sealed class UnicodeTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("🎉", "🎉")]
    [InlineData("\\ud83c\\udf89", "🎉")]
    [InlineData("héllo 日本 العربية", "héllo 日本 العربية")]
    [InlineData("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦")]
    [InlineData("a\\u0000b", "a\0b")]
    [InlineData("x \\ud83c y", "x \ufffd y")]
    [InlineData("x \\udf89 y", "x \ufffd y")]
    [InlineData("\\udf89\\ud83c", "\ufffd\ufffd")]
    [InlineData("<b>&amp;\\u2028", "<b>&amp;\u2028")]
    public async Task A_prompt_reaches_the_template_unharmed(string json, string text)
    {
        var answer = await AskAsync(
            "/api/chat",
            "{\"model\":\"tiny-chat\",\"_debug_render_only\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
            + json + "\"}]}");
        Assert.Equal(
            $"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n<think>\n",
            answer.GetProperty("_debug_info").GetProperty("rendered_template").GetString());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_become_replacement_characters()
    {
        byte[] body =
        [
            .. "{\"model\":\"tiny-chat\",\"raw\":true,\"_debug_render_only\":true,\"prompt\":\"x "u8,
            0xFF, 0xC3, 0x28, .. " y\"}"u8,
        ];
        using var content = new ByteArrayContent(body);
        using var response = await server.Client.PostAsync("/api/generate", content, Token);
        Assert.Equal(200, (int)response.StatusCode);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
        Assert.Equal(
            "x \ufffd\ufffd( y",
            answer.GetProperty("_debug_info").GetProperty("rendered_template").GetString());
    }

    [Fact]
    public async Task Emoji_are_answered_and_the_echo_of_words_is_exact()
    {
        var echo = await ChatAsync("Please say: cat three river");
        Assert.Equal("cat three river", echo);

        // The model was trained on English alone: that it answers at all is all that can be asked of it.
        Assert.NotEmpty(await ChatAsync("Please say: 🎉 日本"));
    }

    /// <summary>
    /// At this temperature the model throws single bytes about: characters in parts, and parts of none.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Streamed_bytes_are_put_together_as_in_one_piece(int seed)
    {
        var body = "{\"model\":\"tiny-chat\",\"raw\":true,\"prompt\":\"🎉\",\"options\":{\"temperature\":1000,"
            + "\"top_k\":0,\"top_p\":1,\"num_predict\":200,\"seed\":" + seed + "}";
        var whole = (await AskAsync("/api/generate", body + ",\"stream\":false}")).GetProperty("response").GetString()!;

        using var content = new StringContent(body + "}");
        using var response = await server.Client.PostAsync("/api/generate", content, Token);
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);
        var lines = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimEnd('\n').Split('\n');
        var streamed = string.Concat(
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("response").GetString()));
        Assert.Equal(whole, streamed);
        Assert.Contains('\ufffd', whole);
        Assert.All(whole.EnumerateRunes(), rune => Assert.True(Rune.IsValid(rune.Value)));
    }

    private async Task<string> ChatAsync(string text) => (await AskAsync(
        "/api/chat",
        "{\"model\":\"tiny-chat\",\"think\":false,\"stream\":false,\"options\":{\"temperature\":0,\"num_predict\":64},"
        + "\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}"))
        .GetProperty("message").GetProperty("content").GetString()!;

    private async Task<JsonElement> AskAsync(string path, string json)
    {
        var (status, text) = await server.PostAsync(path, json, Token);
        Assert.True(status == 200, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
