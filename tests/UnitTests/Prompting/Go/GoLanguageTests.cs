namespace Ollama.Platform.UnitTests.Prompting.Go;

/// <summary>What the language's own documentation promises.</summary>
public sealed class GoLanguageTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a {{ .Name }} b", "a Ada b")]
    [InlineData("a  {{- .Name -}}  b", "aAdab")]
    [InlineData("a\n{{- /* nothing */ -}}\n b", "ab")]
    [InlineData("a{{/* x */}}b", "ab")]
    [InlineData("{{- 3 -}} x", "3x")]
    [InlineData("{{ \"a\\tb\\x41\\u00e4\\\"\" }}", "a\tbAä\"")]
    [InlineData("{{ `a\\n` }}", "a\\n")]
    [InlineData("{{ 'a' }} {{ '\\n' }} {{ 0x1F }} {{ 1_000 }} {{ -7 }} {{ 1e3 }} {{ 2.50 }}", "97 10 31 1000 -7 1000 2.5")]
    [InlineData("{{ true }}{{ false }}", "truefalse")]
    [InlineData("{{ .Missing }}", "<no value>")]
    [InlineData("{{ .None }}", "<no value>")]
    [InlineData("{{ .Deep.Er.Text }}{{ $.Deep.Er.Text }}", "deepdeep")]
    [InlineData("{{ (index .People 0).Name }}", "Bo")]
    [InlineData("{{ .List }}{{ .Map }}{{ .NoList }}", "[a b c]map[a:1 b:2][]")]
    [InlineData("{{ .People }}", "[map[Age:1 Name:Bo] map[Age:2 Name:Cy]]")]
    [InlineData("{{ . | len }}", "15")]
    [InlineData("}} { } {", "}} { } {")]
    public void Actions_print_values(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ if .Name }}y{{ end }}", "y")]
    [InlineData("{{ if .Empty }}y{{ else }}n{{ end }}", "n")]
    [InlineData("{{ if .Zero }}a{{ else if .No }}b{{ else if .Yes }}c{{ else }}d{{ end }}", "c")]
    [InlineData("{{ if .NoList }}y{{ else }}n{{ end }}{{ if .NoMap }}y{{ else }}n{{ end }}", "nn")]
    [InlineData("{{ if not .Missing }}y{{ end }}", "y")]
    [InlineData("{{ if .Pi }}y{{ end }}", "y")]
    [InlineData("{{ with .Deep.Er }}{{ .Text }}{{ $.Name }}{{ end }}", "deepAda")]
    [InlineData("{{ with .Empty }}a{{ else with .Name }}{{ . }}{{ else }}c{{ end }}", "Ada")]
    [InlineData("{{ with .Empty }}a{{ else }}{{ .Name }}{{ end }}", "Ada")]
    [InlineData("{{ with $x := .Name }}{{ $x }}{{ . }}{{ end }}", "AdaAda")]
    [InlineData("{{ if $x := .Empty }}{{ else }}[{{ $x }}]{{ end }}", "[]")]
    public void Branches_go_by_truth(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ range .List }}<{{ . }}>{{ end }}", "<a><b><c>")]
    [InlineData("{{ range $i, $v := .List }}{{ $i }}{{ $v }} {{ end }}", "0a 1b 2c ")]
    [InlineData("{{ range $v := .List }}{{ $v }}{{ end }}", "abc")]
    [InlineData("{{ range $k, $v := .Map }}{{ $k }}={{ $v }};{{ end }}", "a=1;b=2;")]
    [InlineData("{{ range .NoList }}x{{ else }}none{{ end }}", "none")]
    [InlineData("{{ range .None }}x{{ else }}none{{ end }}", "none")]
    [InlineData("{{ range 3 }}{{ . }}{{ end }}", "012")]
    [InlineData("{{ range $i, $v := .List }}{{ if eq $i 1 }}{{ break }}{{ end }}{{ $v }}{{ end }}", "a")]
    [InlineData("{{ range .List }}{{ if eq . \"b\" }}{{ continue }}{{ end }}{{ . }}{{ end }}", "ac")]
    [InlineData("{{ range .People }}{{ range $.List }}{{ if eq . \"b\" }}{{ break }}{{ end }}{{ . }}{{ end }}{{ .Name }}{{ end }}", "aBoaCy")]
    [InlineData("{{ $last := \"\" }}{{ range .List }}{{ $last = . }}{{ end }}{{ $last }}", "c")]
    [InlineData("{{ $i := 0 }}{{ $v := 0 }}{{ range $i, $v = .List }}{{ end }}{{ $i }}{{ $v }}", "2c")]
    [InlineData("{{ range .People }}{{ .Name }}{{ $.Name }}{{ end }}", "BoAdaCyAda")]
    public void Loops_run_over_lists_maps_and_numbers(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21")]
    [InlineData("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x }}{{ end }}{{ $x }}", "22")]
    [InlineData("{{ $x := .Deep }}{{ $x.Er.Text }}", "deep")]
    [InlineData("{{ $x := .Name | printf \"<%s>\" }}{{ $x }}", "<Ada>")]
    [InlineData("{{ with $y := 5 }}{{ $y }}{{ end }}{{ $y := 6 }}{{ $y }}", "56")]
    public void Variables_live_to_the_end_of_their_block(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ define \"t\" }}[{{ . }}]{{ end }}{{ template \"t\" .Name }}", "[Ada]")]
    [InlineData("{{ define \"t\" }}[{{ . }}]{{ end }}{{ template \"t\" }}", "[<no value>]")]
    [InlineData("{{ define \"t\" }}{{ $.Name }}{{ end }}{{ range .People }}{{ template \"t\" . }}{{ end }}", "BoCy")]
    [InlineData("{{ block \"b\" .Name }}({{ . }}){{ end }}{{ template \"b\" 1 }}", "(Ada)(1)")]
    [InlineData("{{ template \"t\" 3 }}{{ define \"t\" }}{{ if gt . 0 }}{{ . }}{{ end }}{{ end }}", "3")]
    public void Templates_call_templates(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));

    [Theory]
    [InlineData("{{ .Name | printf \"%s-%s\" \"x\" }}", "x-Ada")]
    [InlineData("{{ \"put\" | printf \"%s%s\" \"out\" | printf \"%q\" }}", "\"output\"")]
    [InlineData("{{ printf \"%d\" (len .List) }}", "3")]
    [InlineData("{{ len (slice .List 1) }}", "2")]
    [InlineData("{{ and .Yes .Name }}{{ and .Empty .Name }}|{{ or .Empty .Name }}{{ or .Empty 0 }}", "Ada|Ada0")]
    [InlineData("{{ and .No (index .List 99) }}{{ or .Yes (index .List 99) }}", "falsetrue")]
    [InlineData("{{ .Name | and .Yes }}", "Ada")]
    [InlineData("{{ not .No }}", "true")]
    public void Pipelines_hand_values_on(string template, string expected) =>
        Assert.Equal(expected, GoSample.Render(template));
}
