namespace Ollama.Platform.Prompting.Parsing;

/// <summary>What a family allows in the values of its calls.</summary>
internal sealed record LiteralStyle
{
    /// <summary>What stands before and after a text; empty for no such mark.</summary>
    public string Mark { get; init; } = "";

    /// <summary>Texts may stand between single or double quotes.</summary>
    public bool HasQuotes { get; init; }

    /// <summary>Backslashes between quotes mean what they mean in Python; otherwise they are text.</summary>
    public bool DecodesEscapes { get; init; }

    /// <summary>A word that is nothing else is a text.</summary>
    public bool HasBareTexts { get; init; }

    /// <summary>Texts and brackets that the end of the call cuts off end there.</summary>
    public bool IsMended { get; init; }
}
