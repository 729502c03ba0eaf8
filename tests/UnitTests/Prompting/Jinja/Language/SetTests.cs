namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Assignments and their scope.</summary>
public sealed class SetTests
{
    [Theory]
    [InlineData("{% set x = 1 %}{{ x }}", "1")]
    [InlineData("{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12")]
    [InlineData("{% set (a, b) = [3, 4] %}{{ a }}{{ b }}", "34")]
    [InlineData("{% set ns = namespace(a=1, b='x') %}{% set ns.a = ns.a + 1 %}{{ ns.a }}{{ ns.b }}", "2x")]
    [InlineData("{% set ns = namespace() %}{% for x in l %}{% set ns.last = x %}{% endfor %}{{ ns.last }}", "2")]
    [InlineData("{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns['b'] }}{{ ns.c is defined }}", "12False")]
    [InlineData("{% set x %}a{{ n }}b{% endset %}[{{ x }}] {{ x | length }} {{ x is string }}", "[a5b] 3 True")]
    [InlineData("{% set x | upper | trim %} abc {% endset %}[{{ x }}]", "[ABC]")]
    [InlineData("{% set x = 1, 2 %}{{ x }}", "(1, 2)")]
    [InlineData("{% set x %}{% set y = 5 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}", "5False")]
    [InlineData("{% set n = n + 1 %}{{ n }}", "6")]
    [InlineData("{% set l = l[1:] %}{{ l }}", "[1, 2]")]
    [InlineData("{% set tools = tools or [] %}{{ tools }}", "[]")]
    [InlineData("{% set x = none %}{{ x is none }}", "True")]
    [InlineData("{% set x = undef %}{{ x is defined }}", "False")]
    public void Assignments_reach_as_far_as_their_scope(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
