namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Macros and call blocks.</summary>
public sealed class MacroTests
{
    [Theory]
    [InlineData(
        "{% macro f(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ f(1) }} {{ f(1, 3) }} {{ f(b=4, a=5) }} [{{ f() }}]",
        "12 13 54 [2]")]
    [InlineData("{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "321")]
    [InlineData("{% macro f() %}{{ n }}{% endmacro %}{% for n in l %}{{ f() }}{% endfor %}", "555")]
    [InlineData("{% set g = 1 %}{% macro f() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ f() }}", "2")]
    [InlineData(
        "{% set ns = namespace(c=0) %}{% macro f() %}{% set ns.c = ns.c + 1 %}{% endmacro %}{{ f() }}{{ f() }}{{ " +
        "ns.c }}",
        "2")]
    [InlineData("{% macro f(x) %}{% set x = x + 1 %}{{ x }}{% endmacro %}{% set x = 5 %}{{ f(1) }}{{ x }}", "25")]
    [InlineData("{% macro f(a, b=a) %}{{ b }}{% endmacro %}{{ f(7) }}", "7")]
    [InlineData("{% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, x=3) }}", "(1, 2){'x': 3}")]
    [InlineData("{% macro f() %}<{{ caller() }}>{% endmacro %}{% call f() %}body{{ n }}{% endcall %}", "<body5>")]
    [InlineData(
        "{% macro f(xs) %}{% for x in xs %}{{ caller(x) }}{% endfor %}{% endmacro %}{% call(v) f(l) %}[{{ v " +
        "}}]{% endcall %}",
        "[3][1][2]")]
    [InlineData(
        "{% macro f() %} a {% endmacro %}[{{ f() | trim }}] {{ f() | length }} {{ f() is string }}",
        "[a] 3 True")]
    [InlineData("{% macro f(a) -%}\n  {{ a }}\n{%- endmacro %}[{{ f('x') }}]", "[x]")]
    [InlineData(
        "{% macro t(s) %}{% if s.type == 'array' %}{{ t(s['items']) }}[]{% else %}{{ s.type }}{% endif %}{% " +
        "endmacro %}{{ t({'type': 'array', 'items': {'type': 'array', 'items': {'type': 'string'}}}) }}",
        "string[][]")]
    [InlineData("{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}", "B")]
    [InlineData(
        "{{ f is defined }}{% macro f() %}{% endmacro %}{{ f is defined }} {{ f is callable }}",
        "TrueTrue True")]
    [InlineData("{% macro f(a) %}{{ a is defined }}{% endmacro %}{{ f() }} {{ f(none) }}", "False True")]
    [InlineData("{% macro f() %}x{% endmacro %}{% set y = f() %}{{ y + 'z' }}", "xz")]
    [InlineData(
        "{% set args = [1, 2] %}{% macro f(a, b, c=0) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(*args) }} {{ " +
        "f(*args, **{'c': 3}) }}",
        "120 123")]
    public void Macros_render_their_body_with_arguments(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
