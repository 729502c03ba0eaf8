namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Loops, the variable <c>loop</c>, and loop controls.</summary>
public sealed class ForTests
{
    [Theory]
    [InlineData("{% for x in l %}{{ x }},{% endfor %}", "3,1,2,")]
    [InlineData(
        "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first " +
        "}}{{ loop.last }}{{ loop.length }}{{ loop.depth }};{% endfor %}",
        "1032TrueFalse31;2121FalseFalse31;3210FalseTrue31;")]
    [InlineData("{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %}", "<3>1;3<1>2;1<2>;")]
    [InlineData(
        "{% for x in l %}{% if loop.previtem is defined and loop.previtem > x %}d{% else %}u{% endif %}{% endfor %}",
        "udu")]
    [InlineData("{% for x in l if x > 1 %}{{ x }}{{ loop.index }}/{{ loop.length }};{% endfor %}", "31/2;22/2;")]
    [InlineData("{% for x in [] %}x{% else %}empty{% endfor %}", "empty")]
    [InlineData("{% for x in l if x > 9 %}x{% else %}empty{% endfor %}", "empty")]
    [InlineData("{% for k, v in [(1, 2), [3, 4]] %}{{ k }}{{ v }};{% endfor %}", "12;34;")]
    [InlineData("{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "123")]
    [InlineData("{% for c in 'abé😀' %}{{ c }}.{% endfor %}", "a.b.é.😀.")]
    [InlineData("{% for k in d %}{{ k }}{% endfor %}", "ba")]
    [InlineData("{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "32")]
    [InlineData("{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}", "3")]
    [InlineData(
        "{% for x in l %}{% for y in l %}{{ loop.index }}{% if y == 1 %}{% break %}{% endif %}{% endfor %};{% " +
        "endfor %}",
        "12;12;12;")]
    [InlineData(
        "{% for x in l %}{% set i = loop.index %}{% for y in 'ab' %}{{ i }}{{ loop.index }} {% endfor %}{% " +
        "endfor %}",
        "11 12 21 22 31 32 ")]
    [InlineData(
        "{% for x in range(3) %}{{ x }}{% endfor %} {{ range(2, 5) | list }} {{ range(5, 0, -2) | list }} {{ " +
        "range(3)[1] }}",
        "012 [2, 3, 4] [5, 3, 1] 1")]
    [InlineData("{% for x in 1, 2 %}{{ x }}{% endfor %}", "12")]
    [InlineData("{% for x in l %}{{ loop.cycle('a', 'b') }}{% endfor %}", "aba")]
    [InlineData("{% for x in [1, 1, 2] %}{{ loop.changed(x) }} {% endfor %}", "True False True ")]
    [InlineData(
        "{% for x in [[1, [2, [3]]]] recursive %}{% if x is sequence %}<{{ loop(x) }}>{% else %}{{ x }}{{ " +
        "loop.depth }}{% endif %}{% endfor %}",
        "<12<23<34>>>")]
    [InlineData("{% set x = 0 %}{% for i in l %}{% set x = i %}{% endfor %}{{ x }}", "0")]
    [InlineData("{% set x = 0 %}{% for i in l %}{{ x }}{% set x = i %}{{ x }};{% endfor %}{{ x }}", "03;01;02;0")]
    [InlineData(
        "{% set x = [1, 2, 3] %}{% for i in x %}{{ i }}{% if i == 1 %}{{ x.append(9) or '' }}{% endif %}{% " +
        "endfor %}",
        "1239")]
    [InlineData("{% for x in l %}{% if true %}{% set z = x %}{% endif %}{{ z }}{% endfor %}[{{ z }}]", "312[]")]
    [InlineData("{% for i in l %}{% endfor %}[{{ i }}]", "[]")]
    [InlineData(
        "{% for message in m %}{{ '[' + message['role'] + ']' + message.content }}{% if not loop.last %}|{% " +
        "endif %}{% endfor %}",
        "[user]hi|[assistant]yo")]
    public void Loops_render_their_body_for_each_item(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
