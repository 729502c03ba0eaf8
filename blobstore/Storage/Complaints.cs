namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Tells complaints that the log has not had yet from those that every list would repeat: clients list every few
/// seconds. Safe for any number of callers.
/// </summary>
public sealed class Complaints
{
    private const int CountMax = 4096;
    private const long BytesMax = 1024 * 1024;

    private readonly BoundedCache<string, string> _told = new(CountMax, BytesMax);

    /// <summary>Whether something else was said of a subject, or nothing, before this.</summary>
    public bool IsNew(string subject, string complaint)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(complaint);
        if (_told.TryGet(subject, out var told) && told == complaint)
        {
            return false;
        }

        _told.Keep(subject, complaint, 2L * (subject.Length + complaint.Length));
        return true;
    }

    /// <summary>Forgets what was said of a subject, which is in order again.</summary>
    public void Settle(string subject) => _told.Remove(subject);
}
