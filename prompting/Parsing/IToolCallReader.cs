namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads what stands between the marks of tool calls.</summary>
internal interface IToolCallReader
{
    /// <summary>A body is <c>{"name":…,"arguments":{…}}</c>, which a grammar can ask for.</summary>
    bool IsJson => false;

    /// <summary>Reads a complete body: one call, or several where the family lists them.</summary>
    /// <exception cref="OutputFormatException">The body is malformed.</exception>
    IReadOnlyList<ParsedCall> Read(string body);

    /// <summary>
    /// Reads a body that the end of the completion cut off. Most families take nothing from it: half a call is none.
    /// </summary>
    /// <exception cref="OutputFormatException">The family refuses a cut call.</exception>
    IReadOnlyList<ParsedCall> ReadCut(string body) => [];

    /// <summary>
    /// What finds the arguments in a body that is still growing; null where nothing of them is certain before the end.
    /// </summary>
    ICallHead? CreateHead() => null;
}
