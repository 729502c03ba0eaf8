using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>A model and a context of llama.cpp behind the engine seam; translates words, decides nothing.</summary>
internal sealed class LlamaEngine : IEngine
{
    private readonly LlamaModel _model;
    private readonly LlamaContext _context;

    public LlamaEngine(LlamaModel model, LlamaContext context, long totalBytes, long vramBytes)
    {
        _model = model;
        _context = context;
        Description = new EngineDescription
        {
            CellCount = context.CellCount,
            SequenceCountMax = context.SequenceCountMax,
            BatchTokensMax = context.BatchTokensMax,
            MicroBatchTokensMax = context.MicroBatchTokensMax,
            VocabularySize = model.Vocabulary.TokenCount,
            EmbeddingLength = model.EmbeddingLength,
            ContextTokensTrained = model.ContextTokensTrained,
            CanShift = context.CanShift,
            CanCut = !model.IsRecurrent,
            AddsBosToken = model.Vocabulary.AddsBosToken,
            AddsEosToken = model.Vocabulary.AddsEosToken,
            TotalBytes = totalBytes,
            VramBytes = vramBytes,
        };
        var tokens = Enumerable.Range(0, model.Vocabulary.TokenCount).ToList();
        Pieces = new PieceTable(
            [.. tokens.Select(model.Vocabulary.Piece)], [.. tokens.Select(model.Vocabulary.IsEnd)]);
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <inheritdoc/>
    public PieceTable Pieces { get; }

    /// <inheritdoc/>
    public StepOutcome Decode(EngineBatch batch) =>
        Outcome(_context.Decode(batch.Tokens, batch.Positions, batch.Sequences, batch.Outputs));

    /// <inheritdoc/>
    public Span<float> Logits(int batchIndex) => _context.Logits(batchIndex);

    /// <inheritdoc/>
    public StepOutcome Embed(EngineBatch batch) =>
        Outcome(_context.Embed(batch.Tokens, batch.Positions, batch.Sequences, batch.Outputs));

    /// <inheritdoc/>
    public ReadOnlySpan<float> Embedding(int sequence) => _context.Embedding(sequence);

    /// <inheritdoc/>
    public bool RemoveCells(int sequence, int from, int to) => _context.RemoveCells(sequence, from, to);

    /// <inheritdoc/>
    public void CopyCells(int source, int destination, int from, int to) =>
        _context.CopyCells(source, destination, from, to);

    /// <inheritdoc/>
    public void ShiftCells(int sequence, int from, int to, int distance) =>
        _context.ShiftCells(sequence, from, to, distance);

    /// <inheritdoc/>
    public void ClearCells() => _context.ClearCells();

    /// <inheritdoc/>
    public void Abort() => _context.Abort();

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool specialAdded, bool specialParsed) =>
        _model.Vocabulary.Tokenize(text, specialAdded, specialParsed);

    /// <inheritdoc/>
    public string Detokenize(ReadOnlySpan<int> tokens) => _model.Vocabulary.Detokenize(tokens);

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _model.Dispose();
    }

    private static StepOutcome Outcome(DecodeOutcome outcome) => outcome switch
    {
        DecodeOutcome.Decoded => StepOutcome.Decoded,
        DecodeOutcome.KvCacheFull => StepOutcome.KvCacheFull,
        DecodeOutcome.Aborted => StepOutcome.Aborted,
        _ => StepOutcome.Failed,
    };
}
