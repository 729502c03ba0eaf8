namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Every method of lists, tuples and dictionaries.</summary>
public sealed class CollectionMethodsTests
{
    [Theory]
    [InlineData(
        "{{ d.get('a') }} {{ d.get('x') }} {{ d.get('x', 7) }} {{ d.get('x', {}).get('y', 'z') }}",
        "2 None 7 z")]
    [InlineData(
        "{{ d.items() | list }} {{ d.keys() | list }} {{ d.values() | list }}",
        "[('b', 1), ('a', 2)] ['b', 'a'] [1, 2]")]
    [InlineData("{% for k, v in d.items() %}{{ k }}{{ v }}{% endfor %}", "b1a2")]
    [InlineData("{% set x = [] %}{% do x.append(1) %}{{ x.append(2) }}{{ x }}", "None[1, 2]")]
    [InlineData("{% set x = [1, 2, 3] %}{{ x.pop() }}{{ x.pop(0) }}{{ x }}", "31[2]")]
    [InlineData(
        "{% set x = [1] %}{% do x.extend([2, 3]) %}{% do x.insert(0, 9) %}{% do x.remove(2) %}{{ x }}{% do " +
        "x.reverse() %}{{ x }}{% do x.sort() %}{{ x }}",
        "[9, 1, 3][3, 1, 9][1, 3, 9]")]
    [InlineData("{{ l.index(1) }} {{ l.count(3) }} {{ (1, 2).index(2) }}", "1 1 1")]
    [InlineData(
        "{% set x = {'a': 1} %}{% do x.update({'b': 2}) %}{% do x.update(c=3) %}{{ x }} {{ x.pop('a') }} {{ " +
        "x.pop('zz', 0) }} {{ x }} {{ x.setdefault('q', 5) }} {{ x.copy() }}",
        "{'a': 1, 'b': 2, 'c': 3} 1 0 {'b': 2, 'c': 3} 5 {'b': 2, 'c': 3, 'q': 5}")]
    [InlineData(
        "{% set x = {'items': 5, 'get': 6} %}{{ x['items'] }} {{ x.items() | list | length }} {{ x.get('get') }}",
        "5 2 6")]
    [InlineData("{% set x = [3, 1] %}{% do x.clear() %}{{ x }}{{ [1, 2].copy() }}", "[][1, 2]")]
    [InlineData("{{ {'a': 1}.items() | list | first }}", "('a', 1)")]
    [InlineData("{% set x = d.items() | list %}{{ x[0][0] }}", "b")]
    public void Methods_of_lists_and_dictionaries_are_those_of_python(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
