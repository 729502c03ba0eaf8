namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>What templates may do with names and members that are absent.</summary>
public sealed class UndefinedTests
{
    [Theory]
    [InlineData("[{{ undef }}]", "[]")]
    [InlineData(
        "{{ undef is defined }} {{ n is defined }} {{ d.x is defined }} {{ d.a is defined }}",
        "False True False True")]
    [InlineData("{% if undef %}y{% else %}n{% endif %}", "n")]
    [InlineData("{% for x in undef %}x{% else %}none{% endfor %}", "none")]
    [InlineData(
        "{{ undef | default('x') }} {{ undef | d(1) }} {{ e | default('x') }}|{{ e | default('x', true) }} {{ no " +
        "| default('x') }} {{ no | default('x', boolean=true) }}",
        "x 1 |x None x")]
    [InlineData(
        "{{ undef | length }} [{{ undef | upper }}] [{{ undef | trim }}] {{ undef | list }} [{{ undef | " +
        "join(',') }}]",
        "0 [] [] [] []")]
    [InlineData("{{ undef ~ 'a' }}", "a")]
    [InlineData(
        "{{ undef is none }} {{ undef is string }} {{ undef is mapping }} {{ undef is iterable }} {{ undef is " +
        "sequence }}",
        "False False False True True")]
    [InlineData("{{ 'a' in undef }} {{ undef in ['a'] }}", "False False")]
    [InlineData("{{ not undef }} {{ undef or 'x' }} {{ undef and 'x' }}|", "True x |")]
    [InlineData("{{ undef | items | list }} [{{ undef | first }}]", "[] []")]
    [InlineData(
        "{{ undef | map('upper') | list }} {{ undef | selectattr('a') | list }} {{ none | selectattr('a') | list }}",
        "[] [] []")]
    [InlineData("[{{ undef | string }}] {{ undef | sort }} {{ undef | unique | list }}", "[] [] []")]
    public void Undefined_is_lenient(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
