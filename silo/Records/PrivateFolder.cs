namespace Ollama.Platform.Silo.Records;

/// <summary>Folders for what clients said and got, which is nobody else's on the machine.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only the server's own user can enter; one that is there stays as it is.</summary>
    /// <param name="root">The store's folder, which is everybody's.</param>
    /// <param name="path">The folder within it.</param>
    public static void Create(string root, string path)
    {
        Directory.CreateDirectory(root);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Own);
        }
    }
}
