namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Every method of strings.</summary>
public sealed class StringMethodsTests
{
    [Theory]
    [InlineData(
        "{{ s.upper() }} {{ s.lower() }} {{ 'a b'.title() }} {{ \"they're\".title() }} {{ 'aBC'.capitalize() }} " +
        "{{ 'aB'.swapcase() }}",
        "HELLO WORLD hello world A B They'Re Abc Ab")]
    [InlineData("[{{ w.strip() }}] [{{ w.lstrip() }}] [{{ w.rstrip() }}]", "[x] [x \n] [  x]")]
    [InlineData(
        "{{ 'xyaxy'.strip('xy') }} {{ 'xyaxy'.lstrip('yx') }} {{ 'xyaxy'.rstrip('x') }} {{ " +
        "'\\n\\na\\n'.strip('\\n') }}",
        "a axy xyaxy a")]
    [InlineData(
        "{{ 'a,b,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ 'a b  c '.split() }} {{ 'a b c'.split(none, 1) " +
        "}} {{ ''.split() }} {{ ''.split(',') }}",
        "['a', 'b', 'c'] ['a', 'b,c'] ['a', 'b', 'c'] ['a', 'b c'] [] ['']")]
    [InlineData(
        "{{ 'a,b,c'.rsplit(',', 1) }} {{ ' a b c '.rsplit(none, 1) }} {{ 'a,b'.rsplit(',') }} {{ ' a b " +
        "'.split(none, 0) }} {{ ' a b '.rsplit(none, 0) }}",
        "['a,b', 'c'] [' a b', 'c'] ['a', 'b'] ['a b '] [' a b']")]
    [InlineData(
        "{{ '</think>a</think>b'.split('</think>')[-1] }} {{ " +
        "'a</think>b'.split('</think>')[0].split('<think>')[-1] }}",
        "b a")]
    [InlineData(
        "{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ 'a\\nb'.splitlines(true) }} {{ ''.splitlines() }}",
        "['a', 'b', 'c'] ['a\\n', 'b'] []")]
    [InlineData(
        "{{ s.startswith('He') }} {{ s.endswith('ld') }} {{ s.startswith(('x', 'H')) }} {{ s.endswith(('x', " +
        "'y')) }} {{ s.startswith('World', 6) }} {{ s.startswith('') }}",
        "True True True False True True")]
    [InlineData(
        "{{ s.find('o') }} {{ s.rfind('o') }} {{ s.find('zz') }} {{ s.find('o', 5) }} {{ s.find('o', 5, 6) }} {{ " +
        "s.index('W') }} {{ u8.find('é') }}",
        "4 7 -1 7 -1 6 2")]
    [InlineData(
        "{{ s.replace('o', '0') }} {{ s.replace('o', '0', 1) }} {{ 'aaa'.replace('aa', 'b') }}",
        "Hell0 W0rld Hell0 World ba")]
    [InlineData("{{ s.count('o') }} {{ 'aaa'.count('aa') }} {{ 'ab'.count('') }}", "2 1 3")]
    [InlineData("{{ ', '.join(['a', 'b']) }} {{ ''.join('abc') }} {{ '-'.join(d) }}", "a, b abc b-a")]
    [InlineData(
        "{{ '{} {}'.format('a', 1) }} {{ '{0}{1}{0}'.format('a', 'b') }} {{ '{x}-{y}'.format(x=1, y=none) }} {{ " +
        "'{{}}'.format() }}",
        "a 1 aba 1-None {}")]
    [InlineData(
        "{{ '{:>5}|{:<5}|{:^5}|{:05d}|{:.2f}|{:,}|{:x}|{!r}'.format('a', 'b', 'c', 42, 3.14159, 1234567, 255, " +
        "'q') }}",
        "    a|b    |  c  |00042|3.14|1,234,567|ff|'q'")]
    [InlineData(
        "{{ '{:+d} {:.3}|{:*^7}|{:e}|{:%}|{:g}'.format(5, 'abcdef', 'x', 12345.678, 0.25, 0.0001) }}",
        "+5 abc|***x***|1.234568e+04|25.000000%|0.0001")]
    [InlineData(
        "{{ '5'.zfill(3) }} {{ '-5'.zfill(4) }} [{{ 'a'.ljust(3) }}] [{{ 'a'.rjust(3, '*') }}]",
        "005 -005 [a  ] [**a]")]
    [InlineData(
        "{{ '12'.isdigit() }} {{ ''.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' '.isspace() }} " +
        "{{ 'AB'.isupper() }} {{ 'ab'.islower() }} {{ '1a'.isdigit() }}",
        "True False True True True True True False")]
    [InlineData(
        "{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ " +
        "'abc'.rpartition('=') }}",
        "('a', '=', 'b=c') ('a=b', '=', 'c') ('abc', '', '') ('', '', 'abc')")]
    [InlineData(
        "{{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }} {{ 'x'.removeprefix('y') }}",
        "x x x")]
    [InlineData("{{ s.upper().lower().split()[0][1:] }}", "ello")]
    [InlineData("{{ 'é'.upper() }} {{ 'ÀB'.lower() }}", "É àb")]
    public void Methods_of_strings_are_those_of_python(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
