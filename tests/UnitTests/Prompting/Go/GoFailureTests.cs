namespace Ollama.Platform.UnitTests.Prompting.Go;

/// <summary>Failures in the words in which the users of Go's own templates know them.</summary>
public sealed class GoFailureTests
{
    [Theory]
    [InlineData("{{ .Bad", "template: :1: unclosed action")]
    [InlineData("a\n{{ .Bad\n", "template: :3: unclosed action started at :2")]
    [InlineData("{{ if .X }}", "template: :1: unexpected EOF")]
    [InlineData("{{ end }}", "template: :1: unexpected {{end}}")]
    [InlineData("a\nb{{ else }}", "template: :2: unexpected {{else}}")]
    [InlineData("{{ nope .X }}", "template: :1: function \"nope\" not defined")]
    [InlineData("{{ $x }}", "template: :1: undefined variable \"$x\"")]
    [InlineData("{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", "template: :1: undefined variable \"$x\"")]
    [InlineData("{{ }}", "template: :1: missing value for command")]
    [InlineData("{{ if }}x{{ end }}", "template: :1: missing value for if")]
    [InlineData("{{ .X | 3 }}", "template: :1: non executable command in pipeline stage 2")]
    [InlineData("{{ \"a }}", "template: :1: unterminated quoted string")]
    [InlineData("{{ `a }}", "template: :1: unterminated raw quoted string")]
    [InlineData("{{/* a }}", "template: :1: unclosed comment")]
    [InlineData("{{/* a */ b }}", "template: :1: comment ends before closing delimiter")]
    [InlineData("{{ (1 }}", "template: :1: unclosed left paren")]
    [InlineData("{{ 1) }}", "template: :1: unexpected right paren")]
    [InlineData("{{ 3x }}", "template: :1: bad number syntax: \"3x\"")]
    [InlineData("{{ a#b }}", "template: :1: bad character U+0023 '#'")]
    [InlineData("{{ .A.B! }}", "template: :1: bad character U+0021 '!'")]
    [InlineData("{{ break }}", "template: :1: {{break}} outside {{range}}")]
    [InlineData("{{ range $a, $b, $c := .X }}{{ end }}", "template: :1: too many declarations in range")]
    [InlineData("{{ if $a, $b := .X }}{{ end }}", "template: :1: too many declarations in if")]
    [InlineData("{{ define \"a\" }}x", "template: :1: unexpected EOF")]
    [InlineData("{{ if true }}{{ define \"a\" }}{{ end }}{{ end }}", "template: :1: unexpected <define> in command")]
    [InlineData("{{ template 3 }}", "template: :1: unexpected \"3\" in template clause")]
    [InlineData("{{ \"a\".B }}", "template: :1: unexpected . after term \"\\\"a\\\"\"")]
    [InlineData("{{ if true }}a{{ else }}b{{ else }}c{{ end }}", "template: :1: expected end; found {{else}}")]
    public void A_template_that_is_not_well_formed_is_refused(string template, string message) =>
        Assert.Equal(message, GoSample.Fail(template));

    [Theory]
    [InlineData("{{ .Name.First }}",
        "template: :1:8: executing \"\" at <.Name.First>: can't evaluate field First in type string")]
    [InlineData("x\n {{ .None.First }}",
        "template: :2:9: executing \"\" at <.None.First>: nil pointer evaluating interface {}.First")]
    [InlineData("{{ eq 1 \"a\" }}",
        "template: :1:3: executing \"\" at <eq 1 \"a\">: error calling eq: incompatible types for comparison")]
    [InlineData("{{ eq 1 1.5 }}",
        "template: :1:3: executing \"\" at <eq 1 1.5>: error calling eq: incompatible types for comparison")]
    [InlineData("{{ eq 1 }}", "template: :1:3: executing \"\" at <eq 1>: error calling eq: missing argument for comparison")]
    [InlineData("{{ lt true false }}",
        "template: :1:3: executing \"\" at <lt true false>: error calling lt: invalid type for comparison")]
    [InlineData("{{ index .List 3 }}",
        "template: :1:3: executing \"\" at <index .List 3>: error calling index: index out of range: 3")]
    [InlineData("{{ index .List \"a\" }}", "template: :1:3: executing \"\" at <index .List \"a\">: error calling index: cannot index slice/array with type string")]
    [InlineData("{{ index .None 1 }}",
        "template: :1:3: executing \"\" at <index .None 1>: error calling index: index of untyped nil")]
    [InlineData("{{ slice .Name 2 1 }}",
        "template: :1:3: executing \"\" at <slice .Name 2 1>: error calling slice: invalid slice index: 2 > 1")]
    [InlineData("{{ len 3 }}", "template: :1:3: executing \"\" at <len 3>: error calling len: len of type int")]
    [InlineData("{{ range .Name }}{{ end }}",
        "template: :1:9: executing \"\" at <.Name>: range can't iterate over Ada")]
    [InlineData("{{ template \"t\" }}", "template: :1:12: executing \"\" at <{{template \"t\"}}>: template \"t\" not defined")]
    [InlineData("{{ nil }}", "template: :1:3: executing \"\" at <nil>: nil is not a command")]
    [InlineData("{{ 3 4 }}", "template: :1:3: executing \"\" at <3>: can't give argument to non-function 3")]
    [InlineData("{{ .Name 4 }}", "template: :1:3: executing \"\" at <.Name>: Name is not a method but has arguments")]
    [InlineData("{{ not }}", "template: :1:3: executing \"\" at <not>: wrong number of args for not: want 1 got 0")]
    [InlineData("{{ ne 1 2 3 }}", "template: :1:3: executing \"\" at <ne>: wrong number of args for ne: want 2 got 3")]
    [InlineData("{{ index }}", "template: :1:3: executing \"\" at <index>: wrong number of args for index: want at least 1 got 0")]
    [InlineData("{{ printf 3 }}", "template: :1:10: executing \"\" at <3>: expected string; found 3")]
    [InlineData("{{ call .Name }}",
        "template: :1:3: executing \"\" at <call .Name>: error calling call: non-function of type string")]
    [InlineData("{{ define \"t\" }}{{ .Name.X }}{{ end }}{{ template \"t\" . }}",
        "template: :1:24: executing \"t\" at <.Name.X>: can't evaluate field X in type string")]
    public void A_template_that_fails_says_where(string template, string message) =>
        Assert.Equal(message, GoSample.Fail(template));
}
