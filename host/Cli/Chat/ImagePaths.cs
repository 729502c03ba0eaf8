using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>Finds paths of images in a prompt, as a person types them or drops them on the terminal.</summary>
internal static partial class ImagePaths
{
    private const long ImageBytesMax = 100 * 1024 * 1024;

    /// <summary>Takes the paths of existing images out of a prompt.</summary>
    /// <param name="prompt">The prompt; a path ends at a blank unless that is escaped or the path is quoted.</param>
    /// <param name="rest">The prompt without the paths.</param>
    /// <returns>The images, base64.</returns>
    /// <exception cref="CommandException">A file is too large or cannot be read.</exception>
    public static JsonArray Extract(string prompt, out string rest)
    {
        var images = new JsonArray();
        rest = Candidate().Replace(prompt, match =>
        {
            var path = match.Value.Trim('\'', '"').Replace("\\ ", " ", StringComparison.Ordinal);
            if (!File.Exists(path))
            {
                return match.Value;
            }

            images.Add(JsonValue.Create(Read(path)));
            return "";
        });
        rest = images.Count == 0 ? prompt : rest.Trim();
        return images;
    }

    private static string Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= ImageBytesMax
                ? Convert.ToBase64String(File.ReadAllBytes(path))
                : throw new CommandException($"{path} is larger than {ImageBytesMax / 1024 / 1024} MB");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"could not read {path}: {failure.Message}");
        }
    }

    [GeneratedRegex(
        """(?:'[^'\n]+'|"[^"\n]+"|(?:~|\.{1,2})?/?(?:\\\s|[^\s'"])+)(?<=\.(?:jpe?g|png|webp|wav)['"]?)""",
        RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Candidate();
}
