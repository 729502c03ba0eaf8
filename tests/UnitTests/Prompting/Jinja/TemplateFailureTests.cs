using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Jinja;

/// <summary>What fails, with which message, and at which line and column.</summary>
public sealed class TemplateFailureTests
{
    [Theory]
    [InlineData("{{ 1 +", 1, 1, "the tag is not closed by '}}'")]
    [InlineData("a\n  {% if x", 2, 3, "the tag is not closed by '%}'")]
    [InlineData("{# open", 1, 1, "the comment is not closed")]
    [InlineData("{% raw %}{{ x }}", 1, 1, "'raw' is not closed by 'endraw'")]
    [InlineData("{{ 'open }}", 1, 4, "the string is not closed")]
    [InlineData("{{ 1 ? 2 }}", 1, 6, "unexpected character '?'")]
    [InlineData("{{ (1] }}", 1, 6, "unexpected ']', expected ')'")]
    [InlineData("{{ 1) }}", 1, 5, "unexpected ')'")]
    [InlineData("{{ }}", 1, 4, "expected an expression but found '}}'")]
    [InlineData("{{ 1 2 }}", 1, 6, "expected '}}' but found '2'")]
    [InlineData("{{ 1 + }}", 1, 8, "expected an expression but found '}}'")]
    [InlineData("{{ x. }}", 1, 7, "expected a member name but found '}}'")]
    [InlineData("{{ x[] }}", 1, 6, "expected an expression but found ']'")]
    [InlineData("{{ x | }}", 1, 8, "expected a filter name but found '}}'")]
    [InlineData("{{ x is }}", 1, 9, "expected a test name but found '}}'")]
    [InlineData("{{ {1} }}", 1, 6, "expected ':' but found '}'")]
    [InlineData("{{ f(a=1, 2) }}", 1, 11, "this argument may not come after the ones before it")]
    [InlineData("{{ 99999999999999999999 }}", 1, 4, "the number 99999999999999999999 does not fit in 64 bits")]
    [InlineData("{% %}", 1, 4, "expected a statement but found '%}'")]
    [InlineData("{% iff x %}", 1, 4, "'iff' is not a statement")]
    [InlineData("x\n{% if t %}a", 2, 12, "expected 'endif' but found the end of the template")]
    [InlineData("{% if t %}{% endfor %}", 1, 14, "expected 'endif' but found 'endfor'")]
    [InlineData("{% endif %}", 1, 4, "'endif' closes nothing here")]
    [InlineData("{% else %}", 1, 4, "'else' closes nothing here")]
    [InlineData("{% for x of l %}{% endfor %}", 1, 10, "expected 'in' but found 'of'")]
    [InlineData("{% for 1 in l %}{% endfor %}", 1, 8, "expected a name to assign but found '1'")]
    [InlineData("{% set true = 1 %}", 1, 8, "'true' cannot be assigned")]
    [InlineData("{% break %}", 1, 4, "'break' stands outside of a loop")]
    [InlineData("{% for x in l %}{% macro f() %}{% continue %}{% endmacro %}{% endfor %}", 1, 35,
        "'continue' stands outside of a loop")]
    [InlineData("{% macro f(a=1, b) %}{% endmacro %}", 1, 17,
        "a parameter without a default follows one with a default")]
    [InlineData("{% call 1 %}{% endcall %}", 1, 9, "a call block needs a call")]
    [InlineData("{% include 'x' %}", 1, 4, "'include' is not available: a chat template is a single file")]
    [InlineData("{% import 'x' as y %}", 1, 4, "'import' is not available: a chat template is a single file")]
    [InlineData("{% extends 'x' %}", 1, 4, "'extends' is not available: a chat template is a single file")]
    public void A_malformed_template_is_refused(string template, int line, int column, string message) =>
        AssertFails(template, line, column, message);

    [Theory]
    [InlineData("{{ missing.x }}", 1, 12, "'missing' is undefined, so it has no member 'x'")]
    [InlineData("a\nb {{ d.x.y }}", 2, 10, "'x' is undefined, so it has no member 'y'")]
    [InlineData("{{ missing['x'] }}", 1, 11, "'missing' is undefined, so it has no items")]
    [InlineData("{{ m[7].role }}", 1, 9, "'[7]' is undefined, so it has no member 'role'")]
    [InlineData("{{ missing[1:] }}", 1, 11, "'missing' is undefined, so it has no items")]
    [InlineData("{{ missing() }}", 1, 4, "'missing' is undefined, so it cannot be called")]
    [InlineData("{{ s.nope() }}", 1, 6, "a str has no method 'nope'")]
    [InlineData("{{ n.upper() }}", 1, 6, "a int has no method 'upper'")]
    [InlineData("{{ n() }}", 1, 4, "a int cannot be called")]
    [InlineData("{{ 'a' + 1 }}", 1, 8, "'+' does not work with str and int")]
    [InlineData("{{ 'a' + no }}", 1, 8, "'+' does not work with str and NoneType")]
    [InlineData("{{ 'a' + missing }}", 1, 8, "'+' does not work with str and undefined ('missing')")]
    [InlineData("{{ -s }}", 1, 4, "a sign needs a number, not str")]
    [InlineData("{{ s < 1 }}", 1, 6, "'<' does not compare str with int")]
    [InlineData("{{ 1 in s }}", 1, 6, "only a string can be in a string, not int")]
    [InlineData("{{ 1 in no }}", 1, 6, "nothing can be in a NoneType")]
    [InlineData("{% for x in no %}{% endfor %}", 1, 13, "a NoneType cannot be iterated over")]
    [InlineData("{% for x in n %}{% endfor %}", 1, 13, "a int cannot be iterated over")]
    [InlineData("{% for a, b in [[1]] %}{% endfor %}", 1, 8, "2 values are needed here, not 1")]
    [InlineData("{% set d.x = 1 %}", 1, 10, "only members of a namespace can be set, not of dict")]
    [InlineData("{{ s | nope }}", 1, 8, "no filter is named 'nope'")]
    [InlineData("{{ s is nope }}", 1, 9, "no test is named 'nope'")]
    [InlineData("{{ no | length }}", 1, 9, "a NoneType has no length")]
    [InlineData("{{ s | items }}", 1, 8, "expected a mapping, not str")]
    [InlineData("{{ range | tojson }}", 1, 12, "a function cannot be written as JSON")]
    [InlineData("{{ '{' | from_json }}", 1, 10, "the string is not valid JSON")]
    [InlineData("{{ [1, 'a'] | sort }}", 1, 15, "'<' does not compare int with str")]
    [InlineData("{{ {l: 1} }}", 1, 5, "a list cannot be a key of a dictionary")]
    [InlineData("{{ l[::0] }}", 1, 5, "the step of a slice cannot be zero")]
    [InlineData("{{ l['a':] }}", 1, 5, "slice bounds must be integers, not str")]
    [InlineData("{{ s.split('') }}", 1, 6, "the separator is empty")]
    [InlineData("{{ s.index('?') }}", 1, 6, "the substring was not found")]
    [InlineData("{{ [].pop() }}", 1, 7, "pop from an empty list, or beyond its end")]
    [InlineData("{{ '{}'.format() }}", 1, 9, "the format has more places than values")]
    [InlineData("{{ '%d' % 'x' }}", 1, 9, "the format 'd' needs a number, not str")]
    [InlineData("{{ 1 // 0 }}", 1, 6, "division by zero")]
    [InlineData("{{ 1 % 0 }}", 1, 6, "division by zero")]
    [InlineData("{{ 9223372036854775807 + 1 }}", 1, 24, "the result does not fit in a 64-bit integer")]
    [InlineData("{{ 10 ** 100 }}", 1, 7, "the result does not fit in a 64-bit integer")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", 1, 34, "'f' takes 1 arguments, not 2")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(b=2) }}", 1, 34, "'f' has no parameter 'b'")]
    [InlineData("{{ range(1, 2, 0) }}", 1, 4, "the step of a range cannot be zero")]
    [InlineData("{% for x in l %}{{ loop(l) }}{% endfor %}", 1, 20, "the loop is not marked 'recursive'")]
    public void A_failing_expression_names_its_place(string template, int line, int column, string message) =>
        AssertFails(template, line, column, message);

    [Fact]
    public void An_exception_that_the_template_raises_keeps_its_text() =>
        AssertFails("ok\n  {{- raise_exception('Roles must\nalternate: ' ~ n) }}", 2, 7, "Roles must\nalternate: 5");

    [Fact]
    public void The_place_of_a_failure_inside_a_macro_is_in_the_macro() =>
        AssertFails("{% macro f(x) %}\n{{ x.a.b }}\n{% endmacro %}\n{{ f({}) }}", 2, 8,
            "'a' is undefined, so it has no member 'b'");

    [Fact]
    public void A_failure_after_a_macro_call_is_at_the_call() =>
        AssertFails("{% macro f() %}\n{{ n }}{% endmacro %}\n\n {{ f() + 1 }}", 4, 9,
            "'+' does not work with str and int");

    [Fact]
    public void Lines_are_counted_the_same_for_all_newlines() =>
        AssertFails("a\r\nb\rc\n{{ x.y }}", 4, 6, "'x' is undefined, so it has no member 'y'");

    [Fact]
    public void A_filter_nobody_knows_does_no_harm_where_it_is_not_used() =>
        Assert.Equal("ok", TemplateSample.Render("{% if false %}{{ s | nope }}{{ s is nope }}{% endif %}ok"));

    private static void AssertFails(string template, int line, int column, string message)
    {
        var failure = Assert.Throws<TemplateException>(() => TemplateSample.Render(template));
        Assert.Equal(new TemplateException(message, line, column).Message, failure.Message);
        Assert.Equal((line, column), (failure.Line, failure.Column));
    }
}
