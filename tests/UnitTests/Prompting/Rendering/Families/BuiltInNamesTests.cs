using Ollama.Platform.Prompting.Rendering;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Families.BuiltIn;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

public sealed class BuiltInNamesTests
{
    [Fact]
    public void Every_renderer_has_its_name()
    {
        Assert.All(ChatNames.Renderers, name => Assert.True(ChatFormat.HasRenderer(name), name));
        Assert.All(ChatNames.Renderers, name => Assert.NotNull(ChatFormat.FromRenderer(name, "m", "")));
        Assert.False(ChatFormat.HasRenderer("x"));
        Assert.Null(ChatFormat.FromRenderer("x", "m", ""));
    }

    [Fact]
    public void Parsers_say_what_a_model_can_do_with_them()
    {
        string[] neither = ["passthrough"];
        string[] thinkingOnly = ["olmo3-think"];
        string[] toolsOnly =
        [
            "qwen3", "qwen3-coder", "qwen3-vl-instruct", "ministral", "olmo3", "functiongemma", "gemma4-no-thinking",
            "glm-ocr", "lfm2",
        ];
        foreach (var name in ChatNames.Parsers)
        {
            var tools = !neither.Contains(name) && !thinkingOnly.Contains(name);
            var thinking = !neither.Contains(name) && !toolsOnly.Contains(name);
            var abilities = ChatFormat.AbilitiesOf(name);
            Assert.Equal((name, tools, thinking), (name, abilities.Tools, abilities.Thinking));
        }

        Assert.Equal((false, false), ChatFormat.AbilitiesOf("x"));
    }

    [Fact]
    public void Tools_of_odd_shape_are_declared_as_far_as_they_go()
    {
        var odd = Conversations.Tool(
            """{"type":"function","function":{"name":"f","parameters":{"properties":[1],"required":"a"}}}""");
        var bare = Conversations.Tool("""{"function":{"name":"f"}}""");
        var strange = Conversations.Tool(
            """
            {"function":{"name":"f","description":1,"parameters":{"type":["object"],"properties":{"a":1,"b":{"type":[]},
            "c":{"type":["string","null"],"enum":[1],"anyOf":[{"type":"array"}],"items":{}}},"required":[1]}}}
            """);
        foreach (var renderer in ChatNames.Renderers)
        {
            foreach (var tool in new[] { odd, bare, strange })
            {
                Assert.Contains("U", Render(renderer, Prompt(null, S, U, Calls, Result, V) with { Tools = [tool] }));
            }
        }
    }

    [Fact]
    public void Roles_that_nobody_knows_harm_nobody() =>
        Assert.All(
            ChatNames.Renderers,
            name => Assert.Contains("U", Render(name, null, new() { Role = "narrator", Content = "N" }, U)));

    [Fact]
    public void A_text_that_is_not_unicode_is_refused()
    {
        var broken = Conversations.Assistant("", Conversations.Call("f", "{\"a\":\"\\ud800\"}"));
        foreach (var name in ChatNames.Renderers.Where(name => !name.EndsWith("-think", StringComparison.Ordinal)))
        {
            Assert.Throws<TemplateException>(() => Render(name, null, U, broken, Result, V));
        }
    }

    [Theory]
    [InlineData("gemma4:e4b", "31.0B", false)]
    [InlineData("gemma4-26b", "4.0B", true)]
    [InlineData("m", "12B", true)]
    [InlineData("m", "11.9B", false)]
    [InlineData("m", "900M", false)]
    [InlineData("m", "", false)]
    public void Gemma_knows_its_size(string model, string parameterSize, bool isLarge)
    {
        var text = ChatFormat.FromRenderer("gemma4", model, parameterSize)!.Render(Prompt(false, U));
        Assert.Equal(isLarge, text.EndsWith("<|channel>thought\n<channel|>", StringComparison.Ordinal));
    }
}
