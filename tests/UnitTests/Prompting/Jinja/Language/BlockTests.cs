namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Filter, with, generation, do, raw and comments.</summary>
public sealed class BlockTests
{
    [Theory]
    [InlineData("{% filter upper %}a{{ s }}b{% endfilter %}", "AHELLO WORLDB")]
    [InlineData("{% filter trim | lower %}  A {% endfilter %}|", "a|")]
    [InlineData("{% filter replace('a', 'b') %}aXa{% endfilter %}", "bXb")]
    [InlineData("{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}[{{ a }}]", "12[]")]
    [InlineData("{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}", "1False")]
    [InlineData("{% generation %}a{{ n }}{% endgeneration %}", "a5")]
    [InlineData("{% generation %}{% set q = 1 %}{% endgeneration %}{{ q is defined }}", "False")]
    [InlineData("{% do l.append(4) %}{{ l }}", "[3, 1, 2, 4]")]
    [InlineData("{% print n %}", "5")]
    [InlineData("{% raw %}{{ x }} {% if %}{% endraw %}", "{{ x }} {% if %}")]
    [InlineData("a {%- raw -%} {{ x }} {%- endraw -%} b", "a{{ x }}b")]
    [InlineData("{# c #}a{# {{ x }} {% if %} #}b", "ab")]
    [InlineData("{% for x in l %}{% filter upper %}a{{ x }}{% endfilter %}{% endfor %}", "A3A1A2")]
    public void Blocks_render_their_body_in_a_scope_of_their_own(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
