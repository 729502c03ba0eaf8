namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>The special tokens of the DeepSeek family, written with full-width bars.</summary>
internal static class DeepSeekTokens
{
    public const string Begin = "<｜begin▁of▁sentence｜>";
    public const string End = "<｜end▁of▁sentence｜>";
    public const string User = "<｜User｜>";
    public const string Assistant = "<｜Assistant｜>";
    public const string CallsBegin = "<｜tool▁calls▁begin｜>";
    public const string CallsEnd = "<｜tool▁calls▁end｜>";
    public const string CallBegin = "<｜tool▁call▁begin｜>";
    public const string CallEnd = "<｜tool▁call▁end｜>";
    public const string Separator = "<｜tool▁sep｜>";
    public const string OutputsBegin = "<｜tool▁outputs▁begin｜>";
    public const string OutputsEnd = "<｜tool▁outputs▁end｜>";
    public const string OutputBegin = "<｜tool▁output▁begin｜>";
    public const string OutputEnd = "<｜tool▁output▁end｜>";
}
