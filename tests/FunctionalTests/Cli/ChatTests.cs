using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.Host.Cli;
using Ollama.Platform.Host.Cli.Chat;

namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>The chat on a terminal, with a person whose lines are known beforehand.</summary>
[Collection(nameof(SharedServer))]
public sealed class ChatTests(ServerFixture server)
{
    [Fact]
    public async Task The_model_remembers_the_conversation_until_it_is_cleared()
    {
        var chat = await ChatAsync(
            "/set nothink", "/set parameter temperature 0", "What is the capital of France?", "/clear", "/bye");
        Assert.Contains("Set 'nothink' mode.", chat.Output);
        Assert.Contains("Set parameter 'temperature' to '0'", chat.Output);
        Assert.Contains("Paris", chat.Output);
        Assert.Contains("Cleared session context", chat.Output);
        Assert.Equal("", chat.Error);
    }

    [Fact]
    public async Task A_text_in_quotes_goes_over_several_lines()
    {
        var chat = await ChatAsync(
            "/set nothink", "/set parameter temperature 0", "\"\"\"What is the capital", "of France?\"\"\"", "/bye");
        Assert.Contains("Paris", chat.Output);
        Assert.Equal([">>> ", ">>> ", ">>> ", "... ", ">>> "], chat.Prompts);
    }

    [Fact]
    public async Task The_model_and_the_session_are_shown()
    {
        var chat = await ChatAsync(
            "/show info", "/set system Be brief.", "/show system", "/show parameters", "/set parameter top_k 7",
            "/show parameters", "/? shortcuts", "/help set", "/nonsense", "/set parameter top_k many");
        Assert.Contains("  Model\n    architecture", chat.Output);
        Assert.Contains("Set system message.\nBe brief.\n", chat.Output);
        Assert.Contains("User defined: top_k 7", chat.Output);
        Assert.Contains("Ctrl + w", chat.Output);
        Assert.Contains("/set wordwrap", chat.Output);
        Assert.Contains("Unknown command '/nonsense'. Type /? for help", chat.Output);
        Assert.Equal("Error: invalid int value [many]\n", chat.Error);
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_leaves_the_chat_as_it_was()
    {
        var chat = await ChatAsync("/load no-such-model", "/show info");
        Assert.StartsWith("Error: ", chat.Error);
        Assert.Contains("architecture", chat.Output);
    }

    [Theory]
    [InlineData(true, true, "The capital of France is \nParis.\n")]
    [InlineData(true, false, "The capital of France is Paris.\n")]
    [InlineData(false, true, "The capital of France is Paris.\n")]
    public async Task One_answer_is_wrapped_at_the_edge_of_a_terminal(bool isTerminal, bool wrap, string expected)
    {
        using var context = new CommandContext
        {
            In = TextReader.Null,
            Out = new StringWriter { NewLine = "\n" },
            Error = new StringWriter { NewLine = "\n" },
            IsInputTerminal = true,
            IsOutputTerminal = isTerminal,
            Environment = new Dictionary<string, string> { ["OLLAMA_HOST"] = server.Address.ToString() },
        };
        var settings = new ChatSettings { Model = "tiny-chat", Think = false, WordWrap = wrap };
        settings.Options["temperature"] = 0;
        await RunCommand.RunAsync(
            context, settings, "What is the capital of France?", insecure: false, embedding: [],
            new ScriptedPerson([]) { Columns = 25 }, TestContext.Current.CancellationToken);
        Assert.Equal(expected, context.Out.ToString());
    }

    private async Task<(string Output, string Error, IReadOnlyList<string> Prompts)> ChatAsync(params string[] lines)
    {
        using var context = new CommandContext
        {
            In = TextReader.Null,
            Out = new StringWriter { NewLine = "\n" },
            Error = new StringWriter { NewLine = "\n" },
            IsInputTerminal = true,
            Environment = new Dictionary<string, string> { ["OLLAMA_HOST"] = server.Address.ToString() },
        };
        var person = new ScriptedPerson(lines);
        await RunCommand.RunAsync(
            context, new ChatSettings { Model = "tiny-chat" }, prompt: "", insecure: false, embedding: [], person,
            TestContext.Current.CancellationToken);
        return (context.Out.ToString()!, context.Error.ToString()!, person.Prompts);
    }

    private sealed class ScriptedPerson(string[] lines) : IChatTerminal
    {
        private readonly Queue<string> _lines = new(lines);

        public List<string> Prompts { get; } = [];

        public int Columns { get; init; } = 80;

        public InputHistory History { get; } = InputHistory.Load(path: null);

        public LineEditor.Ending ReadLine(string prompt, out string line)
        {
            Prompts.Add(prompt);
            return _lines.TryDequeue(out line!) ? LineEditor.Ending.Entered : LineEditor.Ending.Closed;
        }

        public IDisposable? OnInterrupt(Action interrupt) => null;
    }
}
