using System.Globalization;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Jinja;

/// <summary>Templates that try to exhaust time, memory or stack, or to reach what they should not.</summary>
public sealed class HostileTemplateTests
{
    private const string TooManySteps = "the template took more than 5000000 steps";
    private const string TooDeep = "nested too deeply";

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for x in l %}{% do l.append(x) %}{% endfor %}")]
    [InlineData("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}")]
    [InlineData("{{ range(10 ** 12) }}")]
    [InlineData("{{ range(-9223372036854775807, 9223372036854775807) }}")]
    [InlineData("{{ [0] * 10 ** 12 }}")]
    [InlineData("{% for i in range(99) %}{% do l.extend(l) %}{% endfor %}")]
    [InlineData("{% for c in 'a' * 16000000 %}{% endfor %}")]
    [InlineData("{{ ('a,' * 8000000).split(',') | length }}")]
    [InlineData("{{ ('\\n' * 16000000).splitlines() | length }}")]
    [InlineData("{% set a = 'a' * 8000000 %}{{ ('a' * 4000000 + 'b') in a }}")]
    [InlineData("{% set a = 'a' * 8000000 %}{{ a.strip('b' * 4000000 + 'a') }}")]
    [InlineData("{% set a = 'a' * 8000000 %}{% for i in range(1000000) %}{{ a | length }}{% endfor %}")]
    [InlineData("{% set x = namespace(t=(1,)) %}{% for i in range(15) %}{% set x.t = (x.t,) * 99 %}{% endfor %}" +
        "{{ {x.t: 1} }}")]
    [InlineData("{% set x = namespace(l=[1]) %}{% for i in range(90) %}{% set x.l = [x.l, x.l] %}{% endfor %}" +
        "{{ x.l }}")]
    [InlineData("{% set x = namespace(l=[1]) %}{% for i in range(90) %}{% set x.l = [x.l, x.l] %}{% endfor %}" +
        "{{ x.l | tojson }}")]
    public void Endless_work_is_stopped(string template) => AssertFails(template, TooManySteps);

    [Theory]
    [InlineData("{{ 'a' * 10 ** 9 }}", "a text of 1000000000 characters exceeds the limit of 16777216")]
    [InlineData("{{ 'ab' * 9223372036854775807 }}", "exceeds the limit of 16777216")]
    [InlineData("{{ ('a' * 1000000) | replace('a', 'b' * 1000000) }}", "exceeds the limit of 16777216")]
    [InlineData("{{ (['a' * 1000] * 1000000) | join('x' * 10000) }}", "exceeds the limit of 16777216")]
    [InlineData("{{ ('a\\n' * 1000000) | indent(100000) }}", "exceeds the limit of 16777216")]
    [InlineData("{{ '%1000000000d' % 1 }}", "exceeds the limit of 16777216")]
    [InlineData("{{ '%99999999999d' % 1 }}", "the width is too large")]
    [InlineData("{{ '{:1000000000}'.format(1) }}", "exceeds the limit of 16777216")]
    [InlineData("{{ '1'.zfill(1000000000) }}{{ 'a' | center(2000000000) }}", "exceeds the limit of 16777216")]
    [InlineData("{% set x = namespace(s='a') %}{% for i in range(99) %}{% set x.s = x.s + x.s %}{% endfor %}",
        "a text of 33554432 characters exceeds the limit of 16777216")]
    [InlineData("{% set k = ['a' * 1000000] %}{% for i in range(99999) %}{% do k.append(k[-1] + 'a') %}{% endfor %}",
        "the template made more than 134217728 characters of text")]
    [InlineData("{% for i in range(1000) %}{{ 'a' * 100000 }}{% endfor %}", "the output exceeds the limit of 16777216")]
    public void Endless_text_is_stopped(string template, string message) => AssertFails(template, message);

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("{1:", "1", "}")]
    [InlineData("-", "1", "")]
    [InlineData("not ", "1", "")]
    [InlineData("", "1", " + 1")]
    [InlineData("", "1", " and 1")]
    [InlineData("", "n", ".a")]
    [InlineData("", "n", "[0]")]
    [InlineData("", "n", "()")]
    [InlineData("", "n", " | upper")]
    [InlineData("", "n", " is defined")]
    [InlineData("1 if 0 else ", "1", "")]
    public void Deep_expressions_are_refused(string before, string middle, string after) => AssertFails(
        $"{{{{ {Repeat(before, 50000)}{middle}{Repeat(after, 50000)} }}}}", TooDeep);

    [Theory]
    [InlineData("{% if 1 %}")]
    [InlineData("{% for x in l %}")]
    [InlineData("{% set x %}")]
    [InlineData("{% filter upper %}")]
    public void Deep_statements_are_refused(string statement) => AssertFails(Repeat(statement, 30000), TooDeep);

    [Theory]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "calls are nested more than 100 deep")]
    [InlineData("{% macro f() %}{% call f() %}{% endcall %}{% endmacro %}{{ f() }}", "calls are nested more than")]
    [InlineData("{% do l.append(l) %}{% for x in l recursive %}{{ loop(l) }}{% endfor %}", "calls are nested")]
    [InlineData("{% do l.append(l) %}{{ l }}", "the value is nested too deeply to print")]
    [InlineData("{% do l.append(l) %}{{ l | tojson }}", "the value is nested too deeply for JSON")]
    [InlineData("{% do d.update(x=d) %}{{ d }}", "the value is nested too deeply to print")]
    [InlineData("{% set a = [] %}{% do a.append(a) %}{% set b = [] %}{% do b.append(b) %}{{ a == b }}",
        "the values are nested too deeply to compare")]
    [InlineData("{% set x = namespace(t=()) %}{% for i in range(99999) %}{% set x.t = (x.t,) %}{% endfor %}" +
        "{{ {x.t: 1} }}",
        "a tuple cannot be a key of a dictionary")]
    [InlineData("{{ ('[' * 10000) | from_json }}", "the string is not valid JSON")]
    public void Endless_nesting_is_stopped(string template, string message) => AssertFails(template, message);

    [Fact]
    public void A_small_stack_is_enough_to_fail_cleanly()
    {
        var body = Repeat("(1 if 0 else ", 60) + "f(n)" + Repeat(")", 60);
        Exception? failure = null;
        var thread = new Thread(
            () => failure = Record.Exception(() => TemplateSample.Render(
                $"{{% macro f(n) %}}{{{{ {body} }}}}{{% endmacro %}}{{{{ f(1) }}}}")),
            maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();
        Assert.IsType<TemplateException>(failure);
    }

    [Fact]
    public void Numbers_chosen_to_collide_do_not_slow_dictionaries_down() => Assert.Equal(
        "100000",
        TemplateSample.Render(
            "{% set x = {} %}{% for i in range(100000) %}{% do x.update({i * 4294967297: i}) %}{% endfor %}" +
            "{{ x | length }}"));

    [Fact]
    public void A_template_that_is_too_long_is_refused() =>
        AssertFails(new string('x', (1 << 20) + 1), "the template is longer than 1048576 characters");

    [Theory]
    [InlineData("{{ 'a'.__class__ }}|{{ [].__class__ }}|{{ ''['__class__'] }}", "||")]
    [InlineData("{{ s | attr('__class__') }}|{{ '{0.__class__}'.format(s) }}", "|")]
    [InlineData("{{ range.__globals__ }}|{{ namespace().__dict__ }}", "|")]
    public void Nothing_but_values_can_be_reached(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));

    [Fact]
    public void A_list_that_shrinks_under_its_loop_ends_the_loop() => Assert.Equal("3False;", TemplateSample.Render(
        "{% for x in l %}{{ x }}{% do l.pop() %}{{ loop.last }}" +
        "{% do l.clear() %}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}"));

    [Fact]
    public void Limits_are_those_of_the_caller()
    {
        var limits = new JinjaLimits { StepsMax = 100, OutputCharactersMax = 10, CallDepthMax = 2 };
        string FailureOf(string template) =>
            Assert.Throws<TemplateException>(() => TemplateSample.Render(template, limits)).Message;

        Assert.Equal(
            "template:2:28: the template took more than 100 steps",
            FailureOf("\n{% for i in range(30) %}{{ e }}{% endfor %}"));
        Assert.Equal("template:2:4: the output exceeds the limit of 10 characters", FailureOf("12345678\n{{ 12345 }}"));
        Assert.Equal(
            "template:1:42: calls are nested more than 2 deep",
            FailureOf("{% macro f(x) %}{% if x > 0 %}{{ x }} {{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(5) }}"));
    }

    [Fact]
    public void Random_text_never_crashes_the_parser()
    {
        string[] pieces =
        [
            "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "if", "for", "set", "in", "x", "l", " ", "\n", "(", ")", "[",
            "]", "{", "}", "'", "\"", "\\", ".", ",", ":", "|", "~", "=", "==", "is", "not", "endif", "endfor", "else",
            "macro", "endmacro", "raw", "endraw", "1", "0.5", "%", "*", "**", "//", "é", "\0", "\ud83d", "call",
        ];
        var random = new Random(20260101);
        for (var i = 0; i < 5000; i++)
        {
            var template = string.Concat(random.GetItems(pieces, random.Next(1, 25)));
            var failure = Record.Exception(() => TemplateSample.Render(template));
            Assert.True(failure is null or TemplateException, $"{template} => {failure}");
        }
    }

    [Fact]
    public void Random_programs_end_within_their_limits()
    {
        // Small, so that a template that runs into its limits costs a millisecond.
        var limits = new JinjaLimits
        {
            StepsMax = 20_000,
            OutputCharactersMax = 50_000,
            TextCharactersMax = 200_000,
            CallDepthMax = 20,
        };
        var random = new Random(20260102);
        var failures = 0;
        for (var i = 0; i < 3000; i++)
        {
            var template = RandomJinjaProgram.Write(random);
            var failure = Record.Exception(() => TemplateSample.Render(template, limits));
            Assert.True(failure is null or TemplateException, $"{template} => {failure}");
            failures += failure is null ? 0 : 1;
        }

        // Enough of them must run, or nothing is tested but the failures.
        Assert.InRange(failures, 1, 2700);
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static void AssertFails(string template, string message)
    {
        var failure = Assert.Throws<TemplateException>(() => TemplateSample.Render(template));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Line > 0 || template.Length > 1 << 20, failure.Line.ToString(CultureInfo.InvariantCulture));
    }
}
