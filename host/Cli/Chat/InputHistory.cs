namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>
/// What was typed before, oldest first; kept in a file that only its owner can read, the one that Ollama uses.
/// </summary>
internal sealed class InputHistory
{
    private const int EntryCountMax = 100;

    private readonly string? _path;
    private readonly List<string> _entries = [];
    private int _place;

    private InputHistory(string? path) => _path = path;

    /// <summary>Whether new entries are kept.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Reads the file; a missing or unreadable one is an empty history.</summary>
    /// <param name="path">The file; null keeps the history in memory.</param>
    public static InputHistory Load(string? path)
    {
        var history = new InputHistory(path);
        try
        {
            if (path is not null && File.Exists(path))
            {
                history._entries.AddRange(File.ReadLines(path).Where(line => line.Length > 0).TakeLast(EntryCountMax));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A chat works without its history.
        }

        history._place = history._entries.Count;
        return history;
    }

    /// <summary>Keeps a line and starts from the newest again.</summary>
    public void Add(string line)
    {
        if (Enabled && line.Length > 0 && !line.Contains('\n', StringComparison.Ordinal)
            && (_entries.Count == 0 || _entries[^1] != line))
        {
            _entries.Add(line);
            if (_entries.Count > EntryCountMax)
            {
                _entries.RemoveAt(0);
            }

            Save();
        }

        _place = _entries.Count;
    }

    /// <summary>The entry before; null at the oldest.</summary>
    public string? Previous() => _place > 0 ? _entries[--_place] : null;

    /// <summary>The entry after; null behind the newest.</summary>
    public string? Next()
    {
        if (_place >= _entries.Count - 1)
        {
            _place = _entries.Count;
            return null;
        }

        return _entries[++_place];
    }

    private void Save()
    {
        if (_path is null)
        {
            return;
        }

        var temporary = $"{_path}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var writer = new StreamWriter(temporary, options))
            {
                _entries.ForEach(writer.WriteLine);
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A chat works without its history.
        }
    }
}
