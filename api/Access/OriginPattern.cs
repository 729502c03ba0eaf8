using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Api.Access;

/// <summary>An origin that browsers may send, with at most one <c>*</c> for any text.</summary>
internal sealed class OriginPattern
{
    private static readonly string[] Schemes =
    [
        "http://", "https://", "chrome-extension://", "safari-extension://", "moz-extension://",
        "ms-browser-extension://",
    ];

    private readonly string _prefix;
    private readonly string? _suffix;

    private OriginPattern(string prefix, string? suffix) => (_prefix, _suffix) = (prefix, suffix);

    /// <summary>It matches every origin.</summary>
    public bool IsAny => _prefix.Length == 0 && _suffix?.Length == 0;

    /// <summary>Reads an entry of a list of origins, which is compared without regard to its own case.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OriginPattern? pattern)
    {
        var entry = text.Trim().ToLowerInvariant();
        var star = entry.IndexOf('*');
        pattern = star < 0
            ? new OriginPattern(entry, null)
            : new OriginPattern(entry[..star], entry[(star + 1)..]);
        return star < 0
            ? Array.Exists(Schemes, scheme => entry.StartsWith(scheme, StringComparison.Ordinal))
            : !entry.AsSpan(star + 1).Contains('*');
    }

    /// <summary>Tells whether an Origin header is meant.</summary>
    public bool Matches(string origin) => _suffix is null
        ? origin == _prefix
        : origin.Length >= _prefix.Length + _suffix.Length
            && origin.StartsWith(_prefix, StringComparison.Ordinal)
            && origin.EndsWith(_suffix, StringComparison.Ordinal);
}
