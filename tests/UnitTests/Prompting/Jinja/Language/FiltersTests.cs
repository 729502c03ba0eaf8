namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Every filter.</summary>
public sealed class FiltersTests
{
    [Theory]
    [InlineData(
        "{{ s | lower }} {{ s | upper }} {{ 'hELLO wORLD' | capitalize }} {{ 'hello wORLD-x (y)' | title }}",
        "hello world HELLO WORLD Hello world Hello World-X (Y)")]
    [InlineData("[{{ w | trim }}] [{{ 'xxaxx' | trim('x') }}] [{{ 5 | trim }}]", "[x] [a] [5]")]
    [InlineData("{{ s | length }} {{ l | length }} {{ d | length }} {{ l | count }}", "11 3 2 3")]
    [InlineData("{{ l | first }} {{ l | last }} {{ s | first }} {{ s | last }} {{ d | first }}", "3 2 H d b")]
    [InlineData(
        "{{ l | join }} {{ l | join(', ') }} {{ m | join('-', attribute='role') }} {{ s | join('.') }} {{ d | " +
        "join }}",
        "312 3, 1, 2 user-assistant H.e.l.l.o. .W.o.r.l.d ba")]
    [InlineData(
        "{{ l | sort }} {{ l | sort(reverse=true) }} {{ ['b', 'A', 'c'] | sort }} {{ ['b', 'A', 'c'] | " +
        "sort(case_sensitive=true) }}",
        "[1, 2, 3] [3, 2, 1] ['A', 'b', 'c'] ['A', 'b', 'c']")]
    [InlineData("{{ items | sort(attribute='k') | map(attribute='k') | join }}", "Abc")]
    [InlineData("{{ l | reverse | list }} {{ s | reverse }}", "[2, 1, 3] dlroW olleH")]
    [InlineData(
        "{{ l | min }} {{ l | max }} {{ l | sum }} {{ m | sum(attribute='n.x') }} {{ ['b', 'A'] | min }}",
        "1 3 6 3 A")]
    [InlineData("{{ [1, 2, 1, 'a', 'A'] | unique | list }}", "[1, 2, 'a']")]
    [InlineData("{{ items | map(attribute='v', default=0) | list }}", "[2, 1, 0]")]
    [InlineData(
        "{{ m | map(attribute='role') | list }} {{ ['a', 'b'] | map('upper') | list }} {{ [' a '] | map('trim') " +
        "| list }} {{ ['a'] | map('replace', 'a', 'b') | list }}",
        "['user', 'assistant'] ['A', 'B'] ['a'] ['b']")]
    [InlineData("{{ [0, 1, '', 'x'] | select | list }} {{ [0, 1] | reject | list }}", "[1, 'x'] [0]")]
    [InlineData(
        "{{ [1, 2, 3] | select('odd') | list }} {{ [1, 2, 3] | reject('equalto', 2) | list }} {{ [1, 2, 3] | " +
        "select('gt', 1) | list }} {{ [1, 2] | select('in', [2]) | list }}",
        "[1, 3] [1, 3] [2, 3] [2]")]
    [InlineData("{{ m | selectattr('role', 'equalto', 'user') | map(attribute='content') | list }}", "['hi']")]
    [InlineData(
        "{{ m | rejectattr('role', '==', 'user') | list | length }} {{ items | selectattr('v') | list | length " +
        "}} {{ items | selectattr('v', 'defined') | list | length }} {{ items | selectattr('v', 'undefined') | " +
        "map(attribute='k') | join }}",
        "1 2 2 c")]
    [InlineData(
        "{{ d | items | list }} {{ d | dictsort }} {{ d | dictsort(by='value') }} {{ d | dictsort(reverse=true) }}",
        "[('b', 1), ('a', 2)] [('a', 2), ('b', 1)] [('b', 1), ('a', 2)] [('b', 1), ('a', 2)]")]
    [InlineData("{% for k, v in d | dictsort %}{{ k }}={{ v }};{% endfor %}", "a=2;b=1;")]
    [InlineData("{{ d | list }} {{ s | list | length }} {{ 'ab' | list }}", "['b', 'a'] 11 ['a', 'b']")]
    [InlineData(
        "{{ 'a-b-a' | replace('a', 'x') }} {{ 'aaa' | replace('a', 'b', 2) }} {{ 'ab' | replace('', '-') }} {{ 5 " +
        "| replace('5', '6') }}",
        "x-b-x bba -a-b- 6")]
    [InlineData(
        "{{ 'a\\nb\\n\\nc' | indent }}|{{ 'a\\nb' | indent(2, true) }}|{{ 'a\\n\\nb' | indent(2, blank=true) " +
        "}}|{{ 'a\\nb' | indent(width=1, first=true) }}|{{ 'a\\nb' | indent('> ') }}",
        "a\n    b\n\n    c|  a\n  b|a\n  \n  b| a\n b|a\n> b")]
    [InlineData("{{ 'a\\n' | indent(2) }}|", "a\n|")]
    [InlineData(
        "{{ '5' | int }} {{ '5.9' | int }} {{ 'x' | int }} {{ 'x' | int(7) }} {{ 3.9 | int }} {{ -3.9 | int }} " +
        "{{ '0x1f' | int(base=16) }} {{ true | int }} {{ none | int }} {{ ' 12 ' | int }}",
        "5 5 0 7 3 -3 31 1 0 12")]
    [InlineData("{{ '5' | float }} {{ 'x' | float }} {{ 3 | float }} {{ '1e3' | float }}", "5.0 0.0 3.0 1000.0")]
    [InlineData("{{ -5 | abs }} {{ -2.5 | abs }}", "5 2.5")]
    [InlineData(
        "{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.567 | round(2) }} {{ 2.1 | round(0, 'ceil') }} {{ 2.9 | " +
        "round(method='floor') }} {{ 42 | round }}",
        "2.0 4.0 2.57 3.0 2.0 42")]
    [InlineData("{{ 'a' | string }} {{ 5 | string + 'x' }} {{ [1] | string }}", "a 5x [1]")]
    [InlineData(
        "{{ s | safe }} {{ '<b>' | e }} {{ '<&\"\\'>' | escape }}",
        "Hello World &lt;b&gt; &lt;&amp;&#34;&#39;&gt;")]
    [InlineData("{{ 'a b  c' | wordcount }} [{{ 'ab' | center(6) }}]", "3 [  ab  ]")]
    [InlineData("{{ '%s-%d' | format('a', 3) }} {{ '%(x)s' | format(x=1) }}", "a-3 1")]
    [InlineData(
        "{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3] | batch(2, 0) | list }} {{ [1, 2, 3, 4, 5] | " +
        "slice(2) | list }} {{ [1, 2, 3] | slice(2, 'x') | list }}",
        "[[1, 2], [3, 4], [5]] [[1, 2], [3, 0]] [[1, 2, 3], [4, 5]] [[1, 2], [3, 'x']]")]
    [InlineData(
        "{% for key, group in m | groupby('role') %}{{ key }}:{{ group | length }} {% endfor %}",
        "assistant:1 user:1 ")]
    [InlineData("{{ d | attr('x') is defined }} {{ s | attr('upper') is callable }}", "False True")]
    [InlineData("{{ '{\"a\": [1, 2.0, null]}' | from_json }}", "{'a': [1, 2.0, None]}")]
    [InlineData("{{ l | sort | first + 1 }}", "2")]
    [InlineData("{{ ['a', 'b'] | last ~ '!' }}", "b!")]
    public void Filters_transform_values(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
