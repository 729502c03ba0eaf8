namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>How values appear in the output.</summary>
public sealed class PrintingTests
{
    [Theory]
    [InlineData("{{ none }} {{ true }} {{ false }} {{ True }} {{ None }}", "None True False True None")]
    [InlineData("{{ [1, 'a', none, true, 1.5] }}", "[1, 'a', None, True, 1.5]")]
    [InlineData("{{ {'a': 1, 'b': [1, {'c': none}]} }}", "{'a': 1, 'b': [1, {'c': None}]}")]
    [InlineData(
        "{{ (1, 'x') }} {{ ['it''s'] }} {{ [\"it's\"] }} {{ ['say \"hi\"'] }}",
        "(1, 'x') ['its'] [\"it's\"] ['say \"hi\"']")]
    [InlineData("{{ ['a\\nb', 'tab\\t', 'back\\\\slash'] }}", "['a\\nb', 'tab\\t', 'back\\\\slash']")]
    [InlineData(
        "{{ 1.0 }} {{ 1.50 }} {{ 1e16 }} {{ 1e15 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1e100 }} {{ 123456.789 }}",
        "1.0 1.5 1e+16 1000000000000000.0 0.0001 1e-05 1e+100 123456.789")]
    [InlineData(
        "{{ 0.1 + 0.2 }} {{ 1 / 3 }} {{ 2.5e-8 }} {{ -0.0 }}",
        "0.30000000000000004 0.3333333333333333 2.5e-08 -0.0")]
    [InlineData("{{ [u8, 'é', '\\u200b', '\\x00'] }}", "['a😀é', 'é', '\\u200b', '\\x00']")]
    [InlineData("{{ undef }}|{{ d.missing }}|{{ d['missing'] }}|{{ l[10] }}", "|||")]
    [InlineData("{{ [] }} {{ {} }} {{ '' }}", "[] {} ")]
    [InlineData("{{ {1: 'a', true: 'b', none: 'c'} }}", "{1: 'b', None: 'c'}")]
    [InlineData("{{ {'x': (1,)} }}", "{'x': (1,)}")]
    public void Values_print_as_in_python(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
