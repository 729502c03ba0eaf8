using System.Text.Json;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.UnitTests.Prompting.Jinja;

/// <summary>Values handed to a template and what it makes of them.</summary>
public sealed class JinjaValueTests
{
    [Theory]
    [InlineData("""{"b": 1, "a": [true, null, "x"], "c": {}}""", """{"b": 1, "a": [true, null, "x"], "c": {}}""")]
    [InlineData("""{"a": 1, "b": 2, "a": 3}""", """{"a": 3, "b": 2}""")]
    [InlineData("""[1.0, -0, 1e2, 9223372036854775807, 12345678901234567890]""",
        """[1.0, 0, 100.0, 9223372036854775807, 1.2345678901234567e+19]""")]
    [InlineData("""["\u00e9\ud83d\ude00\n\u0001"]""", """["é😀\n\u0001"]""")]
    public void Json_keeps_its_order_on_the_way_through(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, Render("{{ v | tojson }}", JinjaValue.FromJson(document.RootElement)));
    }

    [Fact]
    public void Values_are_made_from_plain_ones()
    {
        var dict = new JinjaDict();
        dict.Set("text", JinjaValue.From("x"));
        dict.Set("flag", JinjaValue.From(true));
        dict.Set("number", JinjaValue.From(2.0));
        dict.Set("list", JinjaValue.ListOf("a", "b"));
        Assert.Equal(
            "{'text': 'x', 'flag': True, 'number': 2.0, 'list': ['a', 'b']}", Render("{{ v }}", JinjaValue.From(dict)));
    }

    [Fact]
    public void An_absent_variable_is_undefined_and_none_is_not()
    {
        Assert.Equal("True", Render("{{ other is undefined }}", JinjaValue.None));
        Assert.Equal("False", Render("{{ v is undefined }}", JinjaValue.None));
    }

    [Fact]
    public void A_variable_replaces_a_function_of_the_same_name() => Assert.Equal(
        "5", JinjaTemplate.Parse("{{ range }}").Render(
            new Dictionary<string, JinjaValue> { ["range"] = JinjaValue.From(5) }, TemplateSample.Now,
            TestContext.Current.CancellationToken));

    [Fact]
    public void One_template_serves_many_threads()
    {
        var template = JinjaTemplate.Parse(
            "{% set a = namespace(sum=0) %}{% for i in range(v) %}{% set a.sum = a.sum + i %}{% endfor %}{{ a.sum }}");
        Parallel.For(0, 64, i => Assert.Equal(
            $"{i * (i - 1) / 2}",
            template.Render(
                new Dictionary<string, JinjaValue> { ["v"] = JinjaValue.From(i) }, TemplateSample.Now,
                TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void The_time_is_the_one_handed_in()
    {
        var template = JinjaTemplate.Parse("{{ strftime_now('%Y-%m-%d %H:%M %z %Z') }}");
        var now = new DateTimeOffset(2024, 2, 29, 23, 59, 0, TimeSpan.FromHours(2));
        Assert.Equal(
            "2024-02-29 23:59 +0200 +02:00",
            template.Render(new Dictionary<string, JinjaValue>(), now, TestContext.Current.CancellationToken));
    }

    private static string Render(string template, JinjaValue value) => JinjaTemplate.Parse(template).Render(
        new Dictionary<string, JinjaValue> { ["v"] = value }, TemplateSample.Now,
        TestContext.Current.CancellationToken);
}
