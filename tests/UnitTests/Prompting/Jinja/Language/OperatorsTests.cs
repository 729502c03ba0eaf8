namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Operators, their precedence and the kinds they work with.</summary>
public sealed class OperatorsTests
{
    [Theory]
    [InlineData("{{ 1 + 2 * 3 }}", "7")]
    [InlineData("{{ (1 + 2) * 3 }}", "9")]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 // -2 }}", "3 -4 -4")]
    [InlineData("{{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }}", "1 2 -2")]
    [InlineData("{{ 7 / 2 }} {{ 6 / 2 }}", "3.5 3.0")]
    [InlineData("{{ 2 ** 3 }} {{ 2 ** 3 ** 2 }} {{ 2 ** -1 }}", "8 64 0.5")]
    [InlineData("{{ 7.5 // 2 }} {{ 7.5 % 2 }} {{ -7.5 % 2 }}", "3.0 1.5 0.5")]
    [InlineData("{{ -n }} {{ +n }} {{ - -n }}", "-5 5 5")]
    [InlineData("{{ 'a' + 'b' }} {{ 'a' ~ 1 ~ none ~ true }}", "ab a1NoneTrue")]
    [InlineData("{{ 'ab' * 3 }} {{ 2 * 'x' }} {{ 'x' * -1 }}", "ababab xx ")]
    [InlineData("{{ [1] * 2 }} {{ [1] + [2] }} {{ (1,) + (2,) }}", "[1, 1] [1, 2] (1, 2)")]
    [InlineData("{{ true + 1 }} {{ true == 1 }} {{ 1 == 1.0 }} {{ '1' == 1 }}", "2 True True False")]
    [InlineData("{{ 1 < 2 }} {{ 2 <= 2 }} {{ 3 > 4 }} {{ 3 >= 3 }} {{ 1 != 2 }}", "True True False True True")]
    [InlineData("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1 != 2 }}", "True False True")]
    [InlineData("{{ 'a' < 'b' }} {{ 'B' < 'a' }} {{ [1, 2] < [1, 3] }}", "True True True")]
    [InlineData(
        "{{ 1 in [1, 2] }} {{ 3 not in [1, 2] }} {{ 'a' in d }} {{ 'lo' in s }} {{ 1 in (1,) }}",
        "True True True True True")]
    [InlineData("{{ not true }} {{ not 0 }} {{ not 'a' == 'b' }}", "False True True")]
    [InlineData("{{ 0 or 'x' }} {{ 'y' or 'x' }} {{ 0 and 'x' }} {{ 'y' and 'x' }}", "x y 0 x")]
    [InlineData("{{ none or '' or 'last' }}", "last")]
    [InlineData("{{ 1 or 2 and 0 }} {{ not 1 and 0 }}", "1 False")]
    [InlineData("{{ 'a' if true else 'b' }} {{ 'a' if false else 'b' }} [{{ 'a' if false }}]", "a b []")]
    [InlineData("{{ 'a' if false else 'b' if false else 'c' }}", "c")]
    [InlineData("{{ 'x' + s | lower }} {{ 'x' ~ s | upper }}", "xhello world xHELLO WORLD")]
    [InlineData("{{ -1 | abs }} {{ (-1) | abs }}", "1 1")]
    [InlineData("{{ 'a' 'b' \"c\" }}", "abc")]
    [InlineData("{{ 1, 2 }} {{ () }} {{ (1,) }}", "(1, 2) () (1,)")]
    [InlineData("{{ undef == other }} {{ undef == none }} {{ undef == '' }}", "True False False")]
    [InlineData("{{ none == none }} {{ [1, [2]] == [1, [2]] }} {{ {'a': 1} == {'a': 1.0} }}", "True True True")]
    [InlineData("{{ '%s has %d' % ('x', 3) }} {{ '%05.1f|%-4s|%x' % (2.25, 'a', 255) }}", "x has 3 002.2|a   |ff")]
    [InlineData("{{ n is defined and n > 3 }} {{ n > 3 is defined }}", "True True")]
    [InlineData("{{ [] or {} or 'none' }}", "none")]
    [InlineData("{{ 5 // 0.5 }} {{ 1e3 }} {{ 1_000 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }}", "10.0 1000.0 1000 31 5 15")]
    public void Operators_mean_what_they_mean_in_python(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
