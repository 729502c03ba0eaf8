namespace Ollama.Platform.Prompting.Parsing;

/// <summary>What the messages of a family mean.</summary>
internal interface IMessageLayout
{
    /// <summary>What ends a message.</summary>
    IReadOnlyList<string> Ends { get; }

    /// <summary>What the body begins with when a message that may be an answer holds calls.</summary>
    string CallMark { get; }

    /// <summary>Decides by the header; a header that says nothing goes where the message before went.</summary>
    MessageRoute Route(string header, MessageRoute previous);

    /// <summary>Reads the body of a message that may hold calls; none when it holds none.</summary>
    /// <exception cref="OutputFormatException">A call is malformed.</exception>
    IReadOnlyList<ParsedCall> ReadCalls(MessageRoute route, string body);

    /// <summary>As <see cref="IToolCallReader.CreateHead"/>, for the body of a message.</summary>
    ICallHead? CreateHead(MessageRoute route) => null;
}
