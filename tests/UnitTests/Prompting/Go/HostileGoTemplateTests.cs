using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Go;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Go;

/// <summary>Templates from strangers cost a bounded amount of time, memory and stack, and never the process.</summary>
public sealed class HostileGoTemplateTests
{
    // Small, so that a template that runs into its limits costs a millisecond.
    private static readonly GoLimits Small = new()
    {
        StepsMax = 20_000,
        OutputCharactersMax = 50_000,
        TextCharactersMax = 200_000,
        CallDepthMax = 20,
    };

    [Theory]
    [InlineData("{{ range 9223372036854775807 }}{{ end }}", "the template took more than 5000000 steps")]
    [InlineData("{{ range 99999999 }}xxxxxxxxxxxxxxxxxxxxxxxxxx{{ end }}", "the output exceeds the limit of 16777216 characters")]
    [InlineData("{{ $x := \"xx\" }}{{ range 99 }}{{ $x = print $x $x }}{{ end }}", "exceeds the limit of 16777216")]
    [InlineData("{{ $x := printf \"%1000000d\" 1 }}{{ range 999 }}{{ $x = printf \"%s\" $x }}{{ end }}",
        "the template made more than 134217728 characters of text")]
    [InlineData("{{ define \"t\" }}{{ template \"t\" . }}{{ end }}{{ template \"t\" . }}", "exceeded maximum template depth (100)")]
    [InlineData("{{ define \"a\" }}{{ template \"b\" }}{{ end }}{{ define \"b\" }}{{ template \"a\" }}{{ end }}{{ template \"a\" }}",
        "exceeded maximum template depth (100)")]
    public void What_never_ends_is_stopped(string template, string message) =>
        Assert.Contains(message, GoSample.Fail(template), StringComparison.Ordinal);

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("not (", "1", ")")]
    [InlineData("}}{{ if 1 }}{{ 1 ", "1", " }}{{ end }}{{ 1")]
    public void Endless_nesting_is_refused(string open, string middle, string close)
    {
        var template = "{{ 1 " + (open[0] == '}' ? "" : "| print ") + Repeat(open, 20_000) + middle
            + Repeat(close, 20_000) + " }}";
        Assert.Contains("the template is nested too deeply", GoSample.Fail(template), StringComparison.Ordinal);
    }

    [Fact]
    public void Else_if_is_nesting_too() => Assert.Contains(
        "the template is nested too deeply",
        GoSample.Fail("{{ if 0 }}" + Repeat("{{ else if 0 }}", 20_000) + "{{ end }}"), StringComparison.Ordinal);

    [Fact]
    public void A_small_stack_is_enough_for_what_is_allowed()
    {
        var template = Repeat("{{ if 1 }}", 150) + "{{ " + Repeat("(", 150) + "1" + Repeat(")", 150) + " }}"
            + Repeat("{{ end }}", 150);
        template = "{{ define \"t\" }}" + template + "{{ template \"t\" }}{{ end }}{{ template \"t\" }}";
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => GoSample.Render(template)), 512 << 10);
        thread.Start();
        thread.Join();
        Assert.IsType<TemplateException>(failure);
    }

    [Fact]
    public void A_template_that_is_too_long_is_refused() => Assert.Contains(
        "the template is longer than 1048576 characters", GoSample.Fail(new string('x', (1 << 20) + 1)),
        StringComparison.Ordinal);

    [Fact]
    public void A_rendering_ends_when_nobody_wants_it_any_more()
    {
        using var client = new CancellationTokenSource();
        var format = ChatFormat.FromGo("{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}{{ .Prompt }}");
        var prompt = new ChatPrompt
        {
            Messages = [new ChatMessage { Role = "user", Content = "U" }],
            Now = GoSample.Now,
            Cancellation = client.Token,
        };
        client.Cancel();
        Assert.Throws<OperationCanceledException>(() => format.Render(prompt));
    }

    [Fact]
    public void Random_text_never_crashes_the_parser()
    {
        string[] pieces =
        [
            "{{", "}}", "{{-", "-}}", "{{/*", "*/}}", "if", "else", "end", "range", "with", "define", "template",
            "block",
            "break", "continue", "nil", "true", " ", "\n", "(", ")", "\"", "`", "'", "\\", ".", ".X", "$", "$x",
            ":=", "=",
            ",", "|", "1", "0x", "1.5e", "-", "é", "\0", "\ud83d", "eq", "index", "printf", "\"%d\"", "len", ".List",
        ];
        var random = new Random(20260401);
        for (var i = 0; i < 5000; i++)
        {
            AssertHarmless(string.Concat(random.GetItems(pieces, random.Next(1, 25))));
        }
    }

    [Fact]
    public void Random_programs_end_within_their_limits()
    {
        var random = new Random(20260402);
        var failures = 0;
        for (var i = 0; i < 3000; i++)
        {
            failures += AssertHarmless(RandomGoProgram.Write(random)) ? 0 : 1;
        }

        // Enough of them must run, or nothing is tested but the failures.
        Assert.InRange(failures, 1, 2700);
    }

    private static bool AssertHarmless(string template)
    {
        var failure = Record.Exception(() => GoSample.Render(template, Small));
        Assert.True(failure is null or TemplateException, $"{template} => {failure}");
        return failure is null;
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
