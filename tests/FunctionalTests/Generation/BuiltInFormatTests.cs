using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Generation;

/// <summary>A model whose config names a renderer and a parser is served with these.</summary>
public sealed class BuiltInFormatTests
{
    [Fact]
    public async Task The_config_decides_over_the_template_of_the_weights()
    {
        await using var server = await StartAsync();
        const string Question = """
            "messages":[{"role":"user","content":"Count from 1 to 3."}],"think":false,"stream":false,
            "options":{"temperature":0,"num_predict":40}
            """;
        var rendered = await server.AskAsync(
            "/api/chat", $$"""{"model":"named","_debug_render_only":true,{{Question}}}""");
        Assert.Equal(
            "<|im_start|>user\nCount from 1 to 3.<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
            rendered.GetProperty("_debug_info").GetProperty("rendered_template").GetString());
        var answer = await server.AskAsync("/api/chat", $$"""{"model":"named",{{Question}}}""");
        Assert.NotEmpty(answer.GetProperty("message").GetProperty("content").GetString()!);
        Assert.False(answer.GetProperty("message").TryGetProperty("thinking", out _));
    }

    [Fact]
    public async Task The_parser_says_what_the_model_can_do()
    {
        await using var server = await StartAsync();
        var report = await server.AskAsync("/api/show", """{"model":"named"}""");
        var capabilities = report.GetProperty("capabilities").EnumerateArray().Select(item => item.GetString());
        Assert.Equal(["completion", "insert", "thinking", "tools"], capabilities.Order());
        Assert.Contains("RENDERER qwen3.5\nPARSER qwen3.5\n", report.GetProperty("modelfile").GetString());
    }

    [Fact]
    public async Task A_renderer_that_nobody_knows_is_refused_in_ollama_s_words()
    {
        await using var server = await StartAsync();
        Assert.Equal(
            (500, """{"error":"unknown renderer \"x\""}"""),
            await server.PostAsync(
                "/api/chat", """{"model":"unknown","messages":[{"role":"user","content":"Hi"}]}"""));
    }

    private static Task<HostedServer> StartAsync() => HostedServer.StartAsync(
        options => options with { ShippedModels = false },
        store =>
        {
            var weights = store.ChatModelLayer();
            store.NamedModel("named", "qwen3.5", "qwen3.5", (JsonObject)weights.DeepClone());
            store.NamedModel("unknown", "x", "x", weights);
        });
}
