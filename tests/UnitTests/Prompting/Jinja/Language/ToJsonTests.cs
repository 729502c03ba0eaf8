namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>The filter that writes JSON.</summary>
public sealed class ToJsonTests
{
    [Theory]
    [InlineData(
        "{{ d | tojson }} {{ l | tojson }} {{ s | tojson }} {{ no | tojson }} {{ t | tojson }} {{ f | tojson }}",
        "{\"b\": 1, \"a\": 2} [3, 1, 2] \"Hello World\" null true 2.5")]
    [InlineData(
        "{{ {'a': [1, {'b': none}], 'c': {}} | tojson }} {{ [] | tojson }} {{ {} | tojson }}",
        "{\"a\": [1, {\"b\": null}], \"c\": {}} [] {}")]
    [InlineData(
        "{{ {'a': [1, {'b': none}], 'c': {}, 'd': []} | tojson(indent=2) }}",
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}")]
    [InlineData("{{ {'a': [1, 2]} | tojson(indent=4) }}", "{\n    \"a\": [\n        1,\n        2\n    ]\n}")]
    [InlineData("{{ 'é<>&\\'\"\\n\\t\\\\/' | tojson }}", "\"é<>&'\\\"\\n\\t\\\\/\"")]
    [InlineData(
        "{{ 'é😀' | tojson(ensure_ascii=True) }} {{ 'é😀' | tojson(ensure_ascii=False) }}",
        "\"\\u00e9\\ud83d\\ude00\" \"é😀\"")]
    [InlineData("{{ {'b': 1, 'a': 2} | tojson(sort_keys=True) }}", "{\"a\": 2, \"b\": 1}")]
    [InlineData("{{ {'a': [1, 2]} | tojson(separators=(',', ':')) }}", "{\"a\":[1,2]}")]
    [InlineData(
        "{{ {1: 'a', none: 'b', true: 'c', 1.5: 'd'} | tojson }}",
        "{\"1\": \"c\", \"null\": \"b\", \"1.5\": \"d\"}")]
    [InlineData("{{ (1, 'x') | tojson }} {{ 1.0 | tojson }} {{ 1e20 | tojson }}", "[1, \"x\"] 1.0 1e+20")]
    [InlineData("{{ '\\x00\\x1f\\x7f\\u2028' | tojson }}", "\"\\u0000\\u001f\u007f\u2028\"")]
    [InlineData("{{ 'a' + {'x': 1} | tojson + 'b' }}", "a{\"x\": 1}b")]
    [InlineData("{{ {'a': 1} | tojson(indent=0) }}", "{\n\"a\": 1\n}")]
    [InlineData("{{ [1] | tojson(indent='--') }}", "[\n--1\n]")]
    public void Json_is_written_as_python_writes_it(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
