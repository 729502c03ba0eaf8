namespace Ollama.Platform.UnitTests.Prompting.Go;

public sealed class GoFunctionTests
{
    [Theory]
    [InlineData("{{ eq 1 1 }}{{ eq 1 2 }}{{ eq 1 2 3 1 }}", "truefalsetrue")]
    [InlineData("{{ eq .Name \"Ada\" }}{{ ne .Name \"Bo\" }}", "truetrue")]
    [InlineData("{{ eq .Yes true }}{{ eq 1.5 1.5 }}", "truetrue")]
    [InlineData("{{ eq .None nil }}{{ eq .Name nil }}{{ eq .Missing .None }}", "truefalsetrue")]
    [InlineData("{{ lt 1 2 }}{{ le 2 2 }}{{ gt 1 2 }}{{ ge 1 2 }}", "truetruefalsefalse")]
    [InlineData("{{ lt \"a\" \"b\" }}{{ lt 1.5 1.25 }}", "truefalse")]
    public void Comparison_keeps_to_one_type(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ index .List 1 }}{{ index .Map \"b\" }}{{ index .People 1 \"Name\" }}", "b2Cy")]
    [InlineData("{{ index .Map \"nope\" }}", "<no value>")]
    [InlineData("{{ index .Name 0 }}{{ index .Umlaut 0 }}", "65195")]
    [InlineData("{{ index .List }}", "[a b c]")]
    [InlineData("{{ slice .List 1 2 }}{{ slice .Name 1 }}{{ slice .Name }}{{ slice .Umlaut 2 }}", "[b]daAdaö")]
    [InlineData("{{ len .Umlaut }}{{ len .Map }}{{ len .NoList }}", "420")]
    public void Parts_are_found_by_place_and_key(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ print 1 2 \"a\" \"b\" 3 }}", "1 2ab3")]
    [InlineData("{{ print .None }}|{{ println 1 \"a\" }}|", "<nil>|1 a\n|")]
    [InlineData("{{ printf \"%s %v %d %t %q\" .Name .List 3 .Yes \"x\" }}", "Ada [a b c] 3 true \"x\"")]
    [InlineData("{{ printf \"%5d|%-5d|%05d|%+d|%x|%X|%o|%b|%c|%U\" 42 42 42 42 255 255 8 5 65 65 }}",
        "   42|42   |00042|+42|ff|FF|10|101|A|U+0041")]
    [InlineData("{{ printf \"%f %.2f %e %g %8.3f|%v %v\" 3.5 3.14159 1234.5 0.00001 2.5 1e21 1000000.0 }}",
        "3.500000 3.14 1.234500e+03 1e-05    2.500|1e+21 1e+06")]
    [InlineData("{{ printf \"%6.2s|%-4s|%4s|%x\" .Name \"é\" \"é\" \"hi\" }}", "    Ad|é   |   é|6869")]
    [InlineData("{{ printf \"%d%%\" 5 }}", "5%")]
    [InlineData("{{ printf \"%T %T %T %T\" 1 .Pi .Name .List }}", "int float64 string []interface {}")]
    [InlineData("{{ printf \"%*d|%.*f\" 4 7 1 2.24 }}", "   7|2.2")]
    [InlineData("{{ printf \"%#v %#v %#x\" .Name .List 255 }}", "\"Ada\" []interface {}{\"a\", \"b\", \"c\"} 0xff")]
    public void Printing_follows_the_verbs(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ printf \"%d\" .Name }}", "%!d(string=Ada)")]
    [InlineData("{{ printf \"%s\" 3 }}", "%!s(int=3)")]
    [InlineData("{{ printf \"%s %s\" .Name }}", "Ada %!s(MISSING)")]
    [InlineData("{{ printf \"%s\" .Name 3 }}", "Ada%!(EXTRA int=3)")]
    [InlineData("{{ printf \"%s\" .None }}", "%!s(<nil>)")]
    [InlineData("{{ printf \"%v\" .None }}", "<nil>")]
    [InlineData("{{ printf \"%\" }}", "%!(NOVERB)")]
    [InlineData("{{ printf \"%z\" 1 }}", "%!z(int=1)")]
    public void What_does_not_fit_is_said_in_the_text(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ html .Html }}", "&lt;a href=&#39;x&#39;&gt;&amp;")]
    [InlineData("{{ js \"it's <b>\" }}", "it\\'s \\u003Cb\\u003E")]
    [InlineData("{{ urlquery \"a b&c/é\" }}", "a+b%26c%2F%C3%A9")]
    [InlineData("{{ json .Map }}{{ json .Html }}{{ json .List }}{{ json .None }}{{ json .Pi }}",
        "{\"a\":1,\"b\":2}\"\\u003ca href='x'\\u003e\\u0026\"[\"a\",\"b\",\"c\"]null3.5")]
    [InlineData("{{ json \"a\\\"\\n\\t\\x01é\" }}", "\"a\\\"\\n\\t\\u0001é\"")]
    [InlineData("{{ json 1e21 }} {{ json 0.0000001 }} {{ json 100000000000000000000.0 }}", "1e+21 1e-7 100000000000000000000")]
    [InlineData("{{ currentDate }} {{ currentDate \"2006\" }} {{ yesterdayDate }}", "2026-03-01 2026-03-01 2026-02-28")]
    [InlineData("{{ toTypeScriptType .Name }}", "any")]
    public void Other_notations_are_written(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));
}
