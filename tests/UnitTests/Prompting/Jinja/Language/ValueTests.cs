namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Every test.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("{{ n is number }} {{ f is number }} {{ t is number }} {{ s is number }}", "True True True False")]
    [InlineData(
        "{{ n is integer }} {{ t is integer }} {{ f is float }} {{ n is float }} {{ t is boolean }} {{ n is " +
        "boolean }}",
        "True False True False True False")]
    [InlineData("{{ s is string }} {{ n is string }} {{ d is mapping }} {{ l is mapping }}", "True False True False")]
    [InlineData(
        "{{ l is iterable }} {{ s is iterable }} {{ d is iterable }} {{ n is iterable }} {{ no is iterable }}",
        "True True True False False")]
    [InlineData(
        "{{ l is sequence }} {{ s is sequence }} {{ d is sequence }} {{ n is sequence }} {{ (1,) is sequence }}",
        "True True True False True")]
    [InlineData("{{ no is none }} {{ n is none }} {{ no is not none }} {{ n is not none }}", "True False False True")]
    [InlineData(
        "{{ t is true }} {{ t is false }} {{ 1 is true }} {{ false is false }} {{ 0 is false }}",
        "True False False True False")]
    [InlineData(
        "{{ 3 is odd }} {{ 3 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }}",
        "True False True False")]
    [InlineData(
        "{{ 1 is eq 1 }} {{ 1 is equalto 2 }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is le 2 }} {{ 3 is gt 2 }} {{ " +
        "2 is ge 3 }}",
        "True False True True True True False")]
    [InlineData("{{ 1 is in [1] }} {{ 'a' is in 'abc' }} {{ 2 is not in [1] }}", "True True True")]
    [InlineData("{{ none is sameas none }} {{ 1 is sameas true }} {{ n is sameas n }}", "True False True")]
    [InlineData(
        "{{ 'ab' is lower }} {{ 'AB' is upper }} {{ 'Ab' is lower }} {{ '1' is upper }}",
        "True True False False")]
    [InlineData("{{ range is callable }} {{ s is callable }} {{ s.upper is callable }}", "True False True")]
    [InlineData("{{ n is defined }} {{ undef is undefined }} {{ undef is not defined }}", "True True True")]
    [InlineData("{{ 'upper' is filter }} {{ 'nope' is filter }} {{ 'odd' is test }}", "True False True")]
    [InlineData("{{ not n is defined }} {{ n is defined and l is defined }}", "False True")]
    [InlineData("{{ d.a is defined and d.a is not none and d.a is number }}", "True")]
    public void Tests_judge_values(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
