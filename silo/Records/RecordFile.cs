using System.Globalization;
using System.Text;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Silo.Records;

/// <summary>
/// A record as bytes: a line with the format's number, the version and the end of life in milliseconds since 1970
/// (0 for never), then the content.
/// </summary>
internal sealed record RecordFile(long Version, long ExpiresAtUnixMilliseconds, ReadOnlyMemory<byte> Content)
{
    private const string Format = "record-1";
    private const int HeadBytesMax = 64;

    public bool IsExpired(DateTimeOffset now) =>
        ExpiresAtUnixMilliseconds != 0 && ExpiresAtUnixMilliseconds <= now.ToUnixTimeMilliseconds();

    public StoredRecord ToStored() => new(Content, Version);

    public byte[] ToBytes()
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"{Format} {Version} {ExpiresAtUnixMilliseconds}\n");
        return [.. Encoding.ASCII.GetBytes(head), .. Content.Span];
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null when the bytes are something else.</summary>
    public static RecordFile? TryParse(ReadOnlyMemory<byte> bytes)
    {
        var head = bytes.Span[..Math.Min(bytes.Length, HeadBytesMax)];
        var end = head.IndexOf((byte)'\n');
        if (end < 0)
        {
            return null;
        }

        var words = Encoding.ASCII.GetString(head[..end]).Split(' ');
        return words is [Format, var version, var expiry]
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var versionNumber)
            && long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var expiryNumber)
            && versionNumber > 0
            ? new RecordFile(versionNumber, expiryNumber, bytes[(end + 1)..])
            : null;
    }
}
