using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its source, or the message of a failure.</param>
/// <param name="Offset">Where it begins, in characters.</param>
internal readonly record struct GoToken(GoTokenKind Kind, string Text, int Offset)
{
    // Go cuts what it quotes in a message.
    private const int ShownCharactersMax = 10;

    public bool IsKeyword(string word) => Kind == GoTokenKind.Keyword && Text == word;

    /// <summary>As it appears in messages.</summary>
    public override string ToString() => Kind switch
    {
        GoTokenKind.End => "EOF",
        GoTokenKind.Error => Text,
        GoTokenKind.Keyword or GoTokenKind.Nil => $"<{Text}>",
        _ when Text.EnumerateRunes().Count() > ShownCharactersMax =>
            GoText.Quote(string.Concat(Text.EnumerateRunes().Take(ShownCharactersMax))) + "...",
        _ => GoText.Quote(Text),
    };
}
