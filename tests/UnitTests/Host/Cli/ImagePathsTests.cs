using Ollama.Platform.Host.Cli.Chat;

namespace Ollama.Platform.UnitTests.Host.Cli;

/// <summary>Touches a disk: only files that exist are images.</summary>
public sealed class ImagePathsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("What is in {0}", "cat.png", "What is in")]
    [InlineData("{0} what is this?", "dog.JPG", "what is this?")]
    [InlineData("Compare '{0}' please", "my cat.webp", "Compare  please")]
    public void A_path_becomes_an_image(string prompt, string name, string rest)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, [1, 2, 3]);
        var images = ImagePaths.Extract(string.Format(null, prompt, path), out var left);
        Assert.Equal("AQID", Assert.Single(images)!.GetValue<string>());
        Assert.Equal(rest, left);
    }

    [Fact]
    public void What_is_no_file_stays_text()
    {
        Assert.Empty(ImagePaths.Extract("Is logo.png a good name?", out var rest));
        Assert.Equal("Is logo.png a good name?", rest);
    }
}
