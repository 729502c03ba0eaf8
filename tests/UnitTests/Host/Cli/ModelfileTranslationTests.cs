using Ollama.Platform.Host.Cli;
using Ollama.Platform.Host.Cli.Create;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.UnitTests.Host.Cli;

/// <summary>The one test class here that touches a disk: what a path means depends on what lies there.</summary>
public sealed class ModelfileTranslationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modelfile-").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_source_that_is_no_file_is_a_model()
    {
        var request = Translate("FROM tiny-chat\nSYSTEM Be brief.\nPARAMETER temperature 0.5\nPARAMETER num_ctx 512");
        Assert.Equal(
            """{"from":"tiny-chat","system":"Be brief.","parameters":{"temperature":0.5,"num_ctx":512}}""",
            request.Body.ToJsonString());
        Assert.Empty(request.Files);
    }

    [Fact]
    public void What_may_repeat_is_collected()
    {
        var request = Translate(
            """
            FROM a
            PARAMETER stop x
            PARAMETER stop y
            LICENSE one
            LICENSE two
            MESSAGE user Hi
            MESSAGE assistant Hello
            """);
        Assert.Equal("""["x","y"]""", request.Body["parameters"]!["stop"]!.ToJsonString());
        Assert.Equal("""["one","two"]""", request.Body["license"]!.ToJsonString());
        Assert.Equal(
            """[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]""",
            request.Body["messages"]!.ToJsonString());
    }

    [Fact]
    public void A_file_is_uploaded_under_its_name()
    {
        var weights = Write("weights.gguf");
        var adapter = Write("adapter.gguf");
        var request = Translate("FROM ./weights.gguf\nADAPTER adapter.gguf");
        Assert.Equal(weights, request.Files["files"]["weights.gguf"]);
        Assert.Equal(adapter, request.Files["adapters"]["adapter.gguf"]);
        Assert.Null(request.Body["from"]);
    }

    [Fact]
    public void A_part_of_a_split_file_brings_the_others_along()
    {
        var parts = new[] { "m-00001-of-00002.gguf", "m-00002-of-00002.gguf" };
        Array.ForEach(parts, name => Write(name));
        Write("m-00001-of-00003.gguf");
        Write("other-00001-of-00002.gguf");

        Assert.Equal(parts, Translate("FROM m-00001-of-00002.gguf").Files["files"].Keys);
        Assert.Equal(parts, Translate("FROM m-00002-of-00002.gguf\nFROM m-00001-of-00002.gguf").Files["files"].Keys);
    }

    [Fact]
    public void Adapters_of_one_name_are_not_mixed()
    {
        var first = Write("adapter.gguf");
        Directory.CreateDirectory(Path.Combine(_folder, "other"));
        var second = Write("other/adapter.gguf");
        var request = Translate("FROM a\nADAPTER adapter.gguf\nADAPTER other\nADAPTER adapter.gguf");
        Assert.Equal(
            [("adapter.gguf", first), ("2/adapter.gguf", second), ("3/adapter.gguf", first)],
            request.Files["adapters"].Select(file => (file.Key, file.Value)));
    }

    [Fact]
    public void Of_a_folder_the_weights_and_what_describes_them_are_taken_weights_first()
    {
        foreach (var name in new[] { "config.json", "model-2.safetensors", "model-1.safetensors", "readme.md" })
        {
            Write(name);
        }

        Directory.CreateDirectory(Path.Combine(_folder, "1_Pooling"));
        Write("1_Pooling/config.json");

        var request = Translate("FROM .");
        Assert.Equal(
            ["model-1.safetensors", "model-2.safetensors", "1_Pooling/config.json", "config.json"],
            request.Files["files"].Keys);
    }

    [Fact]
    public void A_parameter_that_no_engine_knows_any_more_is_passed_over_with_a_warning()
    {
        Assert.Null(Translate("FROM a\nPARAMETER low_vram true").Body["parameters"]);
        Assert.Contains("low_vram", Assert.Single(_warnings));
    }

    [Theory]
    [InlineData("PARAMETER temperature hot", "invalid float value [hot]")]
    [InlineData("PARAMETER num_ctx 1.5", "invalid int value [1.5]")]
    [InlineData("PARAMETER use_mmap maybe", "invalid bool value [maybe]")]
    [InlineData("REQUIRES soon", "requires must be a valid semver (e.g. 0.14.0)")]
    [InlineData("PARAMETER colour red", "unknown parameter 'colour'")]
    public void A_wrong_value_is_refused(string line, string message) =>
        Assert.Equal(message, Assert.Throws<ModelfileException>(() => Translate($"FROM a\n{line}")).Message);

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        var failure = Assert.Throws<CommandException>(() => Translate("FROM a\nADAPTER missing.gguf"));
        Assert.Equal("no such file or folder: missing.gguf", failure.Message);
    }

    private CreateRequest Translate(string text) =>
        ModelfileTranslation.Translate(ModelfileParser.Parse(text), _folder, "/home/nobody", _warnings.Add);

    private string Write(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, name);
        return path;
    }
}
