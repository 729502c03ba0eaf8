namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds where the arguments of calls begin in text that is still growing. Used for one body.</summary>
internal interface ICallHead
{
    /// <summary>
    /// Reads the next character that belongs to no arguments. Gives the name of the call whose arguments the character
    /// opens; null for any other.
    /// </summary>
    string? Read(char character);

    /// <summary>What reads the arguments behind the character that opened them: a brace, where they are JSON.</summary>
    IGrowingArguments Open() => new JsonArguments();
}
