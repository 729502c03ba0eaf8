using System.Reflection;
using Ollama.Platform.Prompting.Go;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.UnitTests.Prompting.Go;
using Ollama.Platform.UnitTests.Prompting.Jinja;

namespace Ollama.Platform.UnitTests.Fuzzing;

/// <summary>Templates of real families, damaged: they render or are refused, within their limits.</summary>
public sealed class TemplateDamageTests
{
    private const int SeedCount = 3000;

    // Limits that cost a millisecond; what is made within them is bounded by them, not by the template.
    private const long BytesMax = 64 * 1024 * 1024;

    private const string Messages =
        """
        [{"role":"system","content":"S"},{"role":"user","content":"U"},
        {"role":"assistant","content":"A","tool_calls":[{"type":"function","id":"1",
        "function":{"name":"f","arguments":{"a":1}}}]},
        {"role":"tool","content":"T","name":"f","tool_call_id":"1"},{"role":"user","content":"V"}]
        """;

    private const string Tools =
        """[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}]""";

    private static readonly string[] JinjaWords =
    [
        "{{", "}}", "{%", "%}", "{#", "-%}", "{% for x in messages %}", "{% endfor %}", "{% if ", "{% else %}",
        "messages * 99", "'x' * 999999", " | tojson", " | join", "[::-1]", ".items()", "loop.index0", "none",
        "namespace()", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ];

    private static readonly string[] GoWords =
    [
        "{{", "}}", "{{-", "-}}", "{{ range . }}", "{{ end }}", "{{ else }}", "{{ if ", "{{ with .Map }}", ".Messages",
        "$x := ", "printf \"%999999d\" 1", "index . ", "slice ", " | json", "{{ break }}", "nil",
        "{{ template \"t\" . }}",
        "{{ define \"t\" }}{{ template \"t\" . }}{{ end }}",
    ];

    [Fact]
    public void A_damaged_Jinja_template_renders_or_is_refused()
    {
        var limits = new JinjaLimits
        {
            StepsMax = 20_000,
            OutputCharactersMax = 50_000,
            TextCharactersMax = 200_000,
            CallDepthMax = 20,
        };
        Play("Jinja.Families", "{%", JinjaWords, template =>
            TemplateSample.Render(template, Messages, Tools, limits: limits));
    }

    [Fact]
    public void A_damaged_Go_template_renders_or_is_refused()
    {
        var limits = new GoLimits
        {
            StepsMax = 20_000,
            OutputCharactersMax = 50_000,
            TextCharactersMax = 200_000,
            CallDepthMax = 20,
        };
        Play("Go.Families", "{{", GoWords, template => GoSample.Render(template, limits));
    }

    private static void Play(string folder, string mark, IReadOnlyList<string> words, Func<string, string> render)
    {
        var templates = Templates(folder, mark);
        Assert.True(templates.Count > 5, $"Only {templates.Count} templates.");
        var (rendered, refused) = (0, 0);
        for (var seed = 0; seed < SeedCount; seed++)
        {
            var random = new Random(seed);
            var template = Damage.Text(templates[seed % templates.Count], random, words);
            Cost.Check(seed, BytesMax, () =>
            {
                try
                {
                    render(template);
                    rendered++;
                }
                catch (TemplateException)
                {
                    refused++;
                }
            });
        }

        // Both must happen, or the damage is not what it should be.
        Assert.True(rendered > 100 && refused > 100, $"{rendered} rendered, {refused} refused");
    }

    // The constants of the tests of families.
    private static List<string> Templates(string folder, string mark) =>
    [
        .. from type in typeof(TemplateDamageTests).Assembly.GetTypes()
           where type.Namespace?.EndsWith(folder, StringComparison.Ordinal) == true
           from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
           where field.IsLiteral && field.FieldType == typeof(string)
           let text = (string)field.GetRawConstantValue()!
           where text.Contains(mark, StringComparison.Ordinal)
           orderby type.FullName, field.Name
           select text,
    ];
}
