using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Contracts;

public sealed class ModelNameFuzzTests
{
    private static readonly string[] Pieces =
    [
        "a", "B", "9", "_", "-", ".", "..", "/", ":", "//", "://", "https://", "latest", "registry.ollama.ai",
        "library", "@sha256", "\\", " ", "\0", "é", "%2F", "~", "host:5000", "\n",
    ];

    [Fact]
    public void Whatever_is_a_name_reads_back_and_stays_inside_the_store()
    {
        var paths = new StorePaths(Path.Combine(Path.GetTempPath(), "store"));
        var count = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(
                Enumerable.Range(0, random.Next(9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (!ModelName.TryParse(text, out var name))
            {
                continue;
            }

            count++;
            Assert.True(ModelName.TryParse(name.ToString(), out var again) && again == name, text);
            Assert.True(ModelName.TryParse(name.DisplayName, out again) && again == name, text);
            var path = Path.GetFullPath(paths.Manifest(name));
            Assert.StartsWith(paths.Manifests + Path.DirectorySeparatorChar, path, StringComparison.Ordinal);
            Assert.Equal(4, Path.GetRelativePath(paths.Manifests, path).Split(Path.DirectorySeparatorChar).Length);
        }

        Assert.True(count > 500, $"Only {count} texts were names.");
    }

    [Fact]
    public void A_text_without_end_is_no_name() =>
        Assert.False(ModelName.TryParse(new string('a', 10_000_000), out _));
}
