namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Makes the ids of tool calls.</summary>
internal static class CallIds
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomCharacterCount = 8;

    /// <summary><c>call_</c> and 8 characters out of a–z and 0–9.</summary>
    public static string Next(Random random)
    {
        Span<char> characters = stackalloc char[RandomCharacterCount];
        random.GetItems(Alphabet, characters);
        return string.Concat("call_", characters);
    }
}
