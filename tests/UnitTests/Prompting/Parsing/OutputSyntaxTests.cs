using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

public sealed class OutputSyntaxTests
{
    [Theory]
    [InlineData("{{ messages }}", "None")]
    [InlineData("<tool_call>", "Json <tool_call> </tool_call>")]
    [InlineData("<think>\n</think> <tool_call>\n{\"name\"", "Json <think> </think> <tool_call> </tool_call>")]
    [InlineData("content.split('</think>')", "None <think> </think>")]
    [InlineData("<tool_call>\n<function=x>\n<parameter=y>", "Tags <tool_call> </tool_call>")]
    [InlineData("<seed:tool_call>\n<function=x>\n<parameter=y> <seed:think>",
        "Tags <seed:think> </seed:think> <seed:tool_call> </seed:tool_call>")]
    [InlineData("[SYSTEM_PROMPT][TOOL_CALLS][ARGS][THINK][/THINK]", "None [THINK] [/THINK]")]
    [InlineData("<|channel|>analysis <tool_call>", "None")]
    [InlineData("<tool_call>f<arg_key>k</arg_key></tool_call></think>", "None <think> </think>")]
    [InlineData("<|tool_call|>[", "None")]
    public void The_template_implies_the_marks(string template, string expected)
    {
        var syntax = OutputSyntax.FromJinja(template);
        Assert.Equal(expected, string.Join(' ', [syntax.CallStyle.ToString(), .. syntax.Tags]));
    }
}
