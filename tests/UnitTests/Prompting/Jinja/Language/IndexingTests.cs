namespace Ollama.Platform.UnitTests.Prompting.Jinja.Language;

/// <summary>Indexes, slices and members.</summary>
public sealed class IndexingTests
{
    [Theory]
    [InlineData("{{ l[0] }} {{ l[-1] }} {{ s[0] }} {{ s[-1] }}", "3 2 H d")]
    [InlineData(
        "{{ l[1:] }} {{ l[:1] }} {{ l[:-1] }} {{ l[::-1] }} {{ l[::2] }}",
        "[1, 2] [3] [3, 1] [2, 1, 3] [3, 2]")]
    [InlineData(
        "{{ s[1:] }} {{ s[:3] }} {{ s[:-1] }} {{ s[::-1] }} {{ s[1:8:2] }}",
        "ello World Hel Hello Worl dlroW olleH el o")]
    [InlineData("{{ l[5:] }} {{ l[-10:2] }} {{ l[2:1] }} {{ s[100:] }}", "[] [3, 1] [] ")]
    [InlineData("{{ l[2:0:-1] }} {{ l[-1:-3:-1] }} {{ s[-3:] }}", "[2, 1] [2, 1] rld")]
    [InlineData("{{ u8[1] }} {{ u8 | length }} {{ u8[1:] }} {{ u8[::-1] }} {{ u8[:2] }}", "😀 3 😀é é😀a a😀")]
    [InlineData("{{ d.a }} {{ d['a'] }} {{ m[0].role }} {{ m[0]['role'] }} {{ m[0].n.x }}", "2 2 user user 1")]
    [InlineData("{{ m.0.role }} {{ m[-1].content }}", "user yo")]
    [InlineData("{{ (1, 2, 3)[1:] }} {{ (1, 2, 3)[-1] }}", "(2, 3) 3")]
    [InlineData("{{ l[n - 4:] }} {{ l[:n] }}", "[1, 2] [3, 1, 2]")]
    [InlineData("{{ l[none:2] }} {{ l[:] }}", "[3, 1] [3, 1, 2]")]
    [InlineData("{{ d['a' if true else 'b'] }}", "2")]
    public void Items_and_slices_are_those_of_python(string template, string expected) =>
        Assert.Equal(expected, TemplateSample.Render(template));
}
