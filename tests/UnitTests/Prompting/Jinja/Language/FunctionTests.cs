namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>The functions every template can call.</summary>
public sealed class FunctionTests
{
    [Theory]
    [InlineData(
        "{{ dict(a=1, b=2) }} {{ dict({'x': 1}, y=2) }} {{ dict([('a', 1)]) }}",
        "{'a': 1, 'b': 2} {'x': 1, 'y': 2} {'a': 1}")]
    [InlineData(
        "{{ strftime_now('%Y-%m-%d') }} {{ strftime_now('%d %b %Y') }} {{ strftime_now('%B %d, %Y') }}",
        "2026-11-03 03 Nov 2026 November 03, 2026")]
    [InlineData("{{ strftime_now('%H:%M:%S %I %p %a %A %j %y %w %%') }}", "14:05:09 02 PM Tue Tuesday 307 26 2 %")]
    [InlineData(
        "{{ strftime_now('%F %T %D %R %e|%-d|%-m|%u|%U|%W|%V|%G') }}",
        "2026-11-03 14:05:09 11/03/26 14:05  3|3|11|2|44|44|45|2026")]
    [InlineData("{% set j = joiner(', ') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}", "3, 1, 2")]
    [InlineData("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}", "abab")]
    [InlineData("{{ range(0) | list }} {{ range(3) | length }} {{ 2 in range(3) }}", "[] 3 True")]
    [InlineData("{% set range = 5 %}{{ range }}", "5")]
    public void Functions_are_there_without_being_passed(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
