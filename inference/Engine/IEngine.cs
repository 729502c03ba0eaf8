using System.Buffers;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// The seam between the decode loop and native code: one loaded model with one context.
/// All members but <see cref="Abort"/>, <see cref="Tokenize"/> and <see cref="Detokenize"/> belong to the decode
/// thread.
/// </summary>
/// <remarks>Arguments are checked here, since the native library aborts the process on a failed assertion.</remarks>
public interface IEngine : IDisposable
{
    /// <summary>Sizes and abilities of the loaded model; constant.</summary>
    EngineDescription Description { get; }

    /// <summary>The bytes of every token; constant, readable from any thread.</summary>
    PieceTable Pieces { get; }

    /// <summary>
    /// A smaller model with the same vocabulary that proposes tokens; null without one. It belongs to the same thread
    /// and lives as long as this.
    /// </summary>
    IEngine? Draft { get; }

    /// <summary>Computes the batch; logits stay readable until the next call.</summary>
    StepOutcome Decode(EngineBatch batch);

    /// <summary>
    /// Scores over the vocabulary after the given entry of the last batch, which had to be marked as output.
    /// </summary>
    /// <param name="batchIndex">Index of the entry in the batch.</param>
    Span<float> Logits(int batchIndex);

    /// <summary>Loads LoRA adapters beside what is loaded; they serve under a key that is not in use.</summary>
    /// <exception cref="EngineLoadException">A file does not fit the model; none of them is kept.</exception>
    AdapterBytes LoadAdapters(long key, IReadOnlyList<string> paths);

    /// <summary>Whether adapters are loaded under a key; none are, always, under 0.</summary>
    bool HasAdapters(long key);

    /// <summary>Frees the adapters of a key.</summary>
    void DropAdapters(long key);

    /// <summary>
    /// Computes the batches that follow with the adapters of a key, 0 with none. A change costs the next step time.
    /// </summary>
    void UseAdapters(long key);

    /// <summary>
    /// Computes pooled embeddings for the batch; each sequence of the batch must be complete in it, since what was
    /// computed before is forgotten.
    /// </summary>
    StepOutcome Embed(EngineBatch batch);

    /// <summary>The pooled vector of a sequence of the last <see cref="Embed"/>.</summary>
    ReadOnlySpan<float> Embedding(int sequence);

    /// <summary>
    /// Gives back the memory that inputs took which were longer than <see cref="EngineDescription.PackedTokensMax"/>,
    /// if there were any since the last call. Takes as long as making a context then: for when there is nothing else to
    /// embed.
    /// </summary>
    void Trim();

    /// <summary>
    /// Whether the first cells of a sequence are enough to go on from, without those that follow; all of them always
    /// are.
    /// </summary>
    bool CanContinueAt(int sequence, int cellCount);

    /// <summary>Frees the cells of a sequence at positions from ≤ p &lt; to; to −1 means the end.</summary>
    /// <returns>
    /// False when the model cannot cut there (recurrent state, or a window whose cells are gone): then the whole
    /// sequence must go.
    /// </returns>
    bool RemoveCells(int sequence, int from, int to);

    /// <summary>
    /// Gives the first cells of a sequence to one that has none, as well: the same cells where all sequences share a
    /// cache (<see cref="EngineDescription.CacheUnified"/>), else a copy, which takes the time of copying a whole
    /// cache.
    /// </summary>
    void CopyCells(int source, int destination, int count);

    /// <summary>Moves the positions from ≤ p &lt; to of a sequence by a distance.</summary>
    void ShiftCells(int sequence, int from, int to, int distance);

    /// <summary>Bytes that <see cref="SaveCells"/> would give; 0 when the sequence has no cells.</summary>
    long CountCellBytes(int sequence);

    /// <summary>Copies the cells of a sequence out; null when that failed. The caller disposes them.</summary>
    IMemoryOwner<byte>? SaveCells(int sequence);

    /// <summary>Copies cells in that <see cref="SaveCells"/> of this engine gave, instead of what there is.</summary>
    /// <returns>False when there is no room for them; the sequence has no cells then.</returns>
    bool LoadCells(int sequence, ReadOnlySpan<byte> state);

    /// <summary>Forgets every sequence.</summary>
    void ClearCells();

    /// <summary>
    /// Makes a running <see cref="Decode"/> or <see cref="Embed"/> return <see cref="StepOutcome.Aborted"/>. Any
    /// thread.
    /// </summary>
    void Abort();

    /// <summary>Splits text into tokens. Any thread.</summary>
    /// <param name="text">The text.</param>
    /// <param name="specialAdded">Adds the beginning and end tokens that the model wants.</param>
    /// <param name="specialParsed">Reads the text of special tokens as these tokens.</param>
    int[] Tokenize(string text, bool specialAdded, bool specialParsed);

    /// <summary>Joins tokens to text, special tokens included. Any thread.</summary>
    string Detokenize(ReadOnlySpan<int> tokens);
}
