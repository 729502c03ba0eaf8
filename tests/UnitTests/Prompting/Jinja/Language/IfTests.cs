namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Conditions.</summary>
public sealed class IfTests
{
    [Theory]
    [InlineData("{% if n > 3 %}a{% elif n > 1 %}b{% else %}c{% endif %}", "a")]
    [InlineData("{% if n < 3 %}a{% elif n == 5 %}b{% else %}c{% endif %}", "b")]
    [InlineData("{% if false %}a{% elif none %}b{% else %}c{% endif %}", "c")]
    [InlineData(
        "{% if l %}l{% endif %}{% if [] %}e{% endif %}{% if {} %}d{% endif %}{% if 0.0 %}z{% endif %}{% if '0' " +
        "%}s{% endif %}",
        "ls")]
    [InlineData("{% if true %}{% set q = 1 %}{% endif %}{{ q }}", "1")]
    [InlineData("{% if not (n == 5 and t) or no %}a{% else %}b{% endif %}", "b")]
    public void The_first_true_branch_is_rendered(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
