namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>Reads Modelfiles. The messages of its errors are those that existing clients show.</summary>
public static class ModelfileParser
{
    private static readonly HashSet<string> Instructions =
    [
        "from", "license", "template", "system", "adapter", "draft", "renderer", "parser", "parameter", "message",
        "requires",
    ];

    private static readonly HashSet<string> Roles = ["system", "user", "assistant"];

    /// <summary>Reads a file's bytes: UTF-8, or what its byte order mark says.</summary>
    /// <exception cref="ModelfileException">The text breaks the grammar.</exception>
    public static IReadOnlyList<ModelfileCommand> Parse(ReadOnlySpan<byte> bytes) => Parse(ModelfileText.Decode(bytes));

    /// <summary>Reads the commands in their order.</summary>
    /// <exception cref="ModelfileException">The text breaks the grammar.</exception>
    public static IReadOnlyList<ModelfileCommand> Parse(string text)
    {
        var reader = new ModelfileReader(text);
        var commands = new List<ModelfileCommand>();
        while (reader.MoveToCommand())
        {
            commands.Add(ReadCommand(reader));
        }

        return commands.Exists(command => command.Name == "from")
            ? commands
            : throw new ModelfileException("no FROM line");
    }

    private static ModelfileCommand ReadCommand(ModelfileReader reader)
    {
        var name = reader.ReadWord(char.IsAsciiLetter).ToLowerInvariant();
        if (!Instructions.Contains(name) || !reader.IsAtBlank)
        {
            throw reader.Error(
                "command must be one of \"from\", \"license\", \"template\", \"system\", \"adapter\", \"draft\", "
                    + "\"renderer\", \"parser\", \"parameter\", \"message\", or \"requires\"");
        }

        return name switch
        {
            "parameter" => new(name, ReadParameterName(reader), reader.ReadValue()),
            "message" => new(name, ReadRole(reader), reader.ReadValue()),
            _ => new(name, reader.ReadValue()),
        };
    }

    private static string ReadParameterName(ModelfileReader reader)
    {
        var name = reader.ReadWord(character => char.IsAsciiLetterOrDigit(character) || character == '_');
        return name.Length > 0 && reader.IsAtBlank ? name : throw ModelfileReader.UnexpectedEnd();
    }

    private static string ReadRole(ModelfileReader reader)
    {
        var role = reader.ReadWord(character => character is not (' ' or '\t' or '\r' or '\n'));
        if (!Roles.Contains(role))
        {
            throw reader.Error("message role must be one of \"system\", \"user\", or \"assistant\"");
        }

        return reader.IsAtBlank ? role : throw ModelfileReader.UnexpectedEnd();
    }
}
