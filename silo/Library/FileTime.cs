namespace Ollama.Platform.Silo.Library;

/// <summary>What tells a file from a changed one. One that is absent has no time and a length below 0.</summary>
/// <param name="Ticks">When it was last written, in UTC.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct FileTime(long Ticks, long Bytes)
{
    /// <summary>Looks at a file.</summary>
    public static FileTime Of(string path) =>
        new FileInfo(path) is { Exists: true } file ? new(file.LastWriteTimeUtc.Ticks, file.Length) : new(0, -1);
}
