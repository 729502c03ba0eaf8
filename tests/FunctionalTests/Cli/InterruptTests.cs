namespace Ollama.Platform.FunctionalTests.Cli;

/// <summary>Ctrl+C on a terminal: it ends what runs, and the program only where nothing else is left to do.</summary>
public sealed class InterruptTests
{
    private const string CtrlC = "\u0003";
    private const string CtrlD = "\u0004";
    private const string CursorHidden = "\u001b[?25l";
    private const string Grey = "\u001b[90m";
    private const string Said = """{"message":{"role":"assistant","content":"Well then"},"done":false}""";

    [Fact]
    public async Task In_a_chat_it_ends_the_answer_and_the_chat_goes_on()
    {
        await using var server = await EndlessServer.StartAsync(Said);
        using var terminal = PseudoTerminal.Start(server.Address, "run any");
        await terminal.WaitForAsync(">>> ");
        for (var round = 0; round < 2; round++)
        {
            await terminal.TypeAsync("Tell me a story\r");
            await terminal.WaitForAsync("Well then");
            await terminal.TypeAsync(CtrlC);
            await server.WaitUntilLeftAsync();
            await terminal.WaitForAsync(">>> ");
        }

        await terminal.TypeAsync("half a line" + CtrlC);
        await terminal.WaitForAsync("Use Ctrl + d or /bye to exit.");
        await terminal.WaitForAsync(">>> ");
        await terminal.TypeAsync(CtrlD);
        Assert.Equal(0, await terminal.WaitForEndAsync());
    }

    [Fact]
    public async Task It_ends_what_a_command_of_the_chat_waits_for()
    {
        await using var server = await EndlessServer.StartAsync("""{"status":"using existing layer"}""");
        using var terminal = PseudoTerminal.Start(server.Address, "run any");
        await terminal.WaitForAsync(">>> ");
        await terminal.TypeAsync("/save other\r");
        await terminal.WaitForAsync("using existing layer");
        await terminal.TypeAsync(CtrlC);
        await server.WaitUntilLeftAsync();
        await terminal.WaitForAsync(">>> ");
        await terminal.TypeAsync("/bye\r");
        Assert.Equal(0, await terminal.WaitForEndAsync());
    }

    [Theory]
    [InlineData(
        "run any --nowordwrap 'Tell me a story'", """{"response":"Well then","thinking":"","done":false}""", "")]
    [InlineData("run any 'Tell me a story'", """{"response":"","thinking":"Well then","done":false}""", Grey)]
    [InlineData("pull any", """{"status":"Well then"}""", CursorHidden)]
    [InlineData(
        "pull any", """{"status":"Well then","digest":"sha256:0","total":100,"completed":50}""", CursorHidden)]
    public async Task It_ends_a_command_with_exit_code_130_and_leaves_the_terminal_as_it_was(
        string command, string line, string change)
    {
        await using var server = await EndlessServer.StartAsync(line);
        using var terminal = PseudoTerminal.Start(server.Address, command);
        await terminal.WaitForAsync("Well then");
        await terminal.TypeAsync(CtrlC);
        await server.WaitUntilLeftAsync();

        Assert.Equal(130, await terminal.WaitForEndAsync());
        Assert.Contains(change, terminal.Screen, StringComparison.Ordinal);
        AssertUndone(terminal.Screen, CursorHidden, "\u001b[?25h");
        AssertUndone(terminal.Screen, Grey, "\u001b[0m");
        Assert.DoesNotContain("Error", terminal.Screen);
    }

    private static void AssertUndone(string screen, string change, string undo) =>
        Assert.True(
            screen.LastIndexOf(undo, StringComparison.Ordinal)
                >= screen.LastIndexOf(change, StringComparison.Ordinal),
            screen);
}
