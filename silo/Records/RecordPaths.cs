using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Silo.Records;

/// <summary>Where records lie: one folder a kind, one file a record. Refuses names that could lead elsewhere.</summary>
internal sealed class RecordPaths(string root)
{
    /// <summary>Writers of different stripes do not wait for each other.</summary>
    public const int StripeCount = 16;

    private const string Suffix = ".record";
    private const int KindLengthMax = 64;
    private const int IdLengthMax = 200;

    private static readonly SearchValues<char> KindCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The folder of a kind.</summary>
    /// <exception cref="ArgumentException">The kind breaks its grammar.</exception>
    public string Folder(string kind) => kind is { Length: > 0 and <= KindLengthMax }
        && !kind.AsSpan().ContainsAnyExcept(KindCharacters)
        ? Path.Combine(root, kind)
        : throw new ArgumentException("A kind has 1 to 64 lower-case letters, digits and hyphens.", nameof(kind));

    /// <summary>The file of a record.</summary>
    /// <exception cref="ArgumentException">The key breaks its grammar.</exception>
    public string File(RecordKey key) => key.Id is { Length: > 0 and <= IdLengthMax }
        && !key.Id.AsSpan().ContainsAnyExcept(IdCharacters)
        ? Path.Combine(Folder(key.Kind), key.Id + Suffix)
        : throw new ArgumentException("An id has 1 to 200 letters, digits, dots, underscores, hyphens.", nameof(key));

    /// <summary>A new name for a record that is not complete yet.</summary>
    public string NewTemporary(string kind) => Path.Combine(Folder(kind), Guid.NewGuid().ToString("N") + ".tmp");

    /// <summary>The file that a process holds open while it changes a record of the stripe.</summary>
    public string Lock(string kind, int stripe) => Path.Combine(Folder(kind), $"{stripe}.lock");

    /// <summary>The stripe of a record, the same in every process.</summary>
    public static int Stripe(RecordKey key) => SHA256.HashData(Encoding.UTF8.GetBytes(key.Id))[0] % StripeCount;

    /// <summary>All records of a kind that have a file, in ordinal order.</summary>
    public IReadOnlyList<RecordKey> Enumerate(string kind)
    {
        var folder = Folder(kind);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateFiles(folder, "*" + Suffix)
                .Select(path => new RecordKey(kind, Path.GetFileName(path)[..^Suffix.Length]))
                .Where(key => key.Id.Length > 0 && !key.Id.AsSpan().ContainsAnyExcept(IdCharacters))
                .OrderBy(key => key.Id, StringComparer.Ordinal),
        ];
    }
}
