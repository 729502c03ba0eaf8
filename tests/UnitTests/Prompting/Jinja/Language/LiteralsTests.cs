namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Literals and their escapes.</summary>
public sealed class LiteralsTests
{
    [Theory]
    [InlineData("{{ 'a\\nb' }}", "a\nb")]
    [InlineData("{{ 'a\\tb\\\\c' }}", "a\tb\\c")]
    [InlineData("{{ 'it\\'s' }} {{ \"say \\\"hi\\\"\" }}", "it's say \"hi\"")]
    [InlineData("{{ 'line\nbreak' }}", "line\nbreak")]
    [InlineData("{{ '\\u00e9\\x41\\U0001F600' }}", "éA😀")]
    [InlineData("{{ '\\q\\d' }}", "\\q\\d")]
    [InlineData("{{ [1, 2, ] }} {{ {'a': 1, } }}", "[1, 2] {'a': 1}")]
    [InlineData("{{ {'a': {'b': {'c': 1}}}.a.b.c }}", "1")]
    [InlineData("{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}")]
    [InlineData("{{ {'k': 'v'}['k'] }} {{ [1, 2][1] }} {{ 'abc'[1] }}", "v 2 b")]
    [InlineData("{{ '{{ not }}' }}", "{{ not }}")]
    [InlineData("{{ '%}' }}{% if '%}' == '%}' %}y{% endif %}", "%}y")]
    public void Literals_are_read_as_in_python(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
