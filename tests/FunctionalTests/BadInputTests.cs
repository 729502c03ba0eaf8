using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>Whatever is thrown at the real host: a precise refusal, and the server lives.</summary>
[Collection(nameof(SharedServer))]
public sealed class BadInputTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/chat", "", 400, "missing request body")]
    [InlineData("/api/chat", "{}", 400, "model is required")]
    [InlineData("/api/generate", "{}", 404, "model '' not found")]
    [InlineData("/api/chat", "x", 400, "invalid character 'x' looking for beginning of value")]
    [InlineData("/api/chat", "{\"model\":", 400, "unexpected EOF")]
    [InlineData("/api/chat", "{\"model\":\"nope\",\"messages\":[]}", 404, "model 'nope' not found")]
    [InlineData("/api/chat", "{\"model\":\"a b\"}", 400, "invalid model name")]
    [InlineData("/api/chat", "{\"model\":\"../../etc/passwd\"}", 400, "invalid model name")]
    [InlineData("/api/chat", "{\"model\":\"m\\u0000\"}", 400, "invalid model name")]
    [InlineData("/api/show", "{\"model\":\"nope\"}", 404, "model 'nope:latest' not found")]
    [InlineData("/api/embed", "{\"model\":\"nope\",\"input\":\"a\"}", 404, "model \"nope\" not found, try pulling it first")]
    [InlineData("/api/embed", "{\"model\":\"tiny-embed\",\"input\":[1]}", 400, "invalid input type")]
    [InlineData("/api/generate", "{\"model\":\"tiny-chat\",\"prompt\":\"p\",\"raw\":true,\"system\":\"x\"}", 400, "raw mode does not support template, system, or context")]
    [InlineData("/api/generate", "{\"model\":\"tiny-chat\",\"prompt\":\"p\",\"options\":{\"top_k\":\"x\"}}", 500, "option \"top_k\" must be of type integer")]
    [InlineData("/api/generate", "{\"model\":\"tiny-chat\",\"prompt\":\"p\",\"top_logprobs\":21}", 400, "top_logprobs must be between 0 and 20")]
    [InlineData("/api/chat", "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"format\":\"xml\"}", 500, "invalid format: \"\\\"xml\\\"\"; expected \"json\" or a valid JSON Schema object")]
    [InlineData("/api/chat", "{\"model\":\"tiny-embed\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}", 400, "\"tiny-embed\" does not support chat")]
    [InlineData("/api/generate", "{\"model\":\"tiny-embed\",\"prompt\":\"a\"}", 400, "\"tiny-embed\" does not support generate")]
    [InlineData("/api/generate", "{\"model\":\"tiny-chat\",\"prompt\":\"p\",\"keep_alive\":\"10\"}", 400, "time: missing unit in duration \"10\"")]
    [InlineData("/api/generate", "{\"model\":\"tiny-chat\",\"prompt\":\"p\",\"think\":\"extreme\"}", 400, "invalid think value: \"extreme\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)")]
    [InlineData("/api/chat", "{\"model\":\"tiny-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"images\":[\"iVBORw0KGgo=\"]}]}", 400, "registry.ollama.ai/library/tiny-chat:latest does not support vision")]
    public async Task A_refusal_is_precise(string path, string body, int status, string message)
    {
        var (actualStatus, text) = await server.PostAsync(path, body, Token);
        Assert.Equal(message, JsonDocument.Parse(text).RootElement.GetProperty("error").GetString());
        Assert.Equal(status, actualStatus);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task A_name_of_ten_kilobytes_is_refused()
    {
        var (status, text) = await server.PostAsync("/api/chat", $"{{\"model\":\"{new string('a', 10_240)}\"}}", Token);
        Assert.Equal(400, status);
        Assert.Contains("invalid model name", text);
    }

    [Theory]
    [InlineData("GET", "/api/show", 405, "405 method not allowed")]
    [InlineData("GET", "/nothing/here", 404, "404 page not found")]
    public async Task An_unknown_route_is_refused_as_plain_text(string method, string path, int status, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.Client.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("num_ctx", "1")]
    [InlineData("num_ctx", "1000000000")]
    [InlineData("num_batch", "0")]
    [InlineData("num_batch", "2000000000")]
    [InlineData("num_thread", "-5")]
    [InlineData("num_keep", "-1")]
    [InlineData("top_k", "-1")]
    [InlineData("top_p", "-1")]
    [InlineData("repeat_last_n", "-1")]
    [InlineData("repeat_penalty", "0")]
    [InlineData("temperature", "-3")]
    [InlineData("seed", "-1")]
    [InlineData("num_predict", "0")]
    [InlineData("mirostat", "2")]
    [InlineData("mirostat_eta", "-1e30")]
    [InlineData("xtc_probability", "1e30")]
    [InlineData("top_n_sigma", "-1")]
    [InlineData("dynatemp_range", "1e300")]
    [InlineData("dry_multiplier", "1e300")]
    [InlineData("logit_bias", "{\"0\":100}")]
    [InlineData("no_such", "1")]
    public async Task An_absurd_option_does_not_end_the_server(string option, string value)
    {
        var body = "{\"model\":\"tiny-chat\",\"raw\":true,\"prompt\":\"A cow says\",\"stream\":false,"
            + $"\"keep_alive\":0,\"options\":{{\"num_predict\":4,\"{option}\":{value}}}}}";
        var (status, text) = await server.PostAsync("/api/generate", body, Token);
        Assert.True(status == 200, text);
        await AssertAliveAsync();
    }

    private async Task AssertAliveAsync() =>
        Assert.Equal("Ollama is running", await server.Client.GetStringAsync("/", Token));
}
