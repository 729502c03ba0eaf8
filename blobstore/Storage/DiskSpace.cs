namespace Ollama.Platform.BlobStore.Storage;

/// <summary>How much a disk still takes.</summary>
public static class DiskSpace
{
    /// <summary>
    /// Bytes free for us on the disk of a folder, which need not exist yet; null when it does not say.
    /// </summary>
    public static long? CountFree(string folder)
    {
        try
        {
            var existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing) ?? Path.GetPathRoot(folder)!;
            }

            return new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
