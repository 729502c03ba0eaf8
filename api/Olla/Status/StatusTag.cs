namespace Ollama.Platform.Api.Olla.Status;

/// <summary>Hashes in Olla's form: FNV-1a of 32 bits, in base 36.</summary>
internal static class StatusTag
{
    private const uint Offset = 2166136261;
    private const uint Prime = 16777619;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>The hash of bytes.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Offset;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * Prime);
        }

        // 36⁷ is more than 2³².
        Span<char> text = stackalloc char[7];
        var start = text.Length;
        do
        {
            text[--start] = Digits[(int)(hash % 36)];
            hash /= 36;
        }
        while (hash > 0);
        return text[start..].ToString();
    }

    /// <summary>The weak entity tag of what stays the same while nothing happens.</summary>
    public static string Weak(ReadOnlySpan<byte> bytes) => $"W/\"{Hash(bytes)}\"";
}
