using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>One thing that a check of the store found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The file that is concerned.</param>
/// <param name="Text">What was found, a sentence.</param>
/// <param name="Models">The models that cannot be used because of it.</param>
/// <param name="Bytes">Length of a file that is of no use; 0 for other findings.</param>
public sealed record StoreFinding(
    StoreFindingKind Kind, string Path, string Text, IReadOnlyList<ModelName> Models, long Bytes = 0)
{
    /// <summary>A model is concerned; otherwise only room on the disk.</summary>
    public bool IsDamage => Kind is StoreFindingKind.ManifestDamaged or StoreFindingKind.BlobMissing
        or StoreFindingKind.BlobDamaged;
}

/// <summary>What a check of the store can find.</summary>
public enum StoreFindingKind
{
    /// <summary>A manifest cannot be read.</summary>
    ManifestDamaged,

    /// <summary>A blob that a manifest needs is not here.</summary>
    BlobMissing,

    /// <summary>A blob has another digest or length than its name or manifest says.</summary>
    BlobDamaged,

    /// <summary>No manifest needs a blob.</summary>
    Unneeded,

    /// <summary>A file was left half written.</summary>
    Unfinished,
}
