using Ollama.Platform.Host.Cli.Chat;

namespace Ollama.Platform.UnitTests.Host.Cli;

public sealed class LineEditorTests : IDisposable
{
    private readonly ScriptedKeys _keys = new();
    private readonly StringWriter _screen = new();
    private readonly InputHistory _history = InputHistory.Load(path: null);

    public void Dispose() => _screen.Dispose();

    [Fact]
    public void What_is_typed_is_the_line()
    {
        _keys.Type("hello").Enter();
        Assert.Equal((LineEditor.Ending.Entered, "hello"), Read());
    }

    [Fact]
    public void Ctrl_C_is_a_key_from_before_the_prompt_to_the_end_of_the_line_and_a_signal_afterwards()
    {
        using var screen = new WatchedScreen(_keys);
        _keys.Type("half a line").Control(ConsoleKey.C);

        Assert.Equal(
            LineEditor.Ending.Interrupted, new LineEditor(_keys, screen, _history, () => 80).Read(">>> ", out _));

        Assert.True(screen.WasTakenAtFirst);
        Assert.False(_keys.IsTaken);
    }

    [Fact]
    public void The_cursor_moves_and_text_is_inserted_and_deleted_there()
    {
        _keys.Type("helo").Press(ConsoleKey.LeftArrow).Type("l").Control(ConsoleKey.A).Type("x")
            .Press(ConsoleKey.Backspace).Control(ConsoleKey.E).Type("!!").Press(ConsoleKey.Backspace).Enter();
        Assert.Equal((LineEditor.Ending.Entered, "hello!"), Read());
    }

    [Theory]
    [InlineData(ConsoleKey.W, "one two ")]
    [InlineData(ConsoleKey.U, "")]
    public void Control_keys_delete_before_the_cursor(ConsoleKey key, string left)
    {
        _keys.Type("one two three").Control(key).Enter();
        Assert.Equal((LineEditor.Ending.Entered, left), Read());
    }

    [Fact]
    public void Words_are_jumped_over_and_the_rest_is_cut()
    {
        _keys.Type("one two three").Press(ConsoleKey.B, modifiers: ConsoleModifiers.Alt)
            .Press(ConsoleKey.LeftArrow, modifiers: ConsoleModifiers.Control).Control(ConsoleKey.K).Enter();
        Assert.Equal((LineEditor.Ending.Entered, "one "), Read());
    }

    [Fact]
    public void A_character_of_two_code_units_is_deleted_as_one()
    {
        _keys.Type("a😀").Press(ConsoleKey.Backspace).Enter();
        Assert.Equal((LineEditor.Ending.Entered, "a"), Read());
    }

    [Fact]
    public void Earlier_lines_come_back_and_the_newest_line_is_empty_again()
    {
        _history.Add("first");
        _history.Add("second");
        _keys.Press(ConsoleKey.UpArrow).Press(ConsoleKey.UpArrow).Enter()
            .Press(ConsoleKey.UpArrow).Press(ConsoleKey.DownArrow).Type("new").Enter();
        Assert.Equal((LineEditor.Ending.Entered, "first"), Read());
        Assert.Equal((LineEditor.Ending.Entered, "new"), Read());
    }

    [Fact]
    public void Lines_that_are_pasted_together_stay_together()
    {
        _keys.Paste("one\ntwo").Enter();
        Assert.Equal((LineEditor.Ending.Entered, "one\ntwo"), Read());
    }

    [Fact]
    public void Ctrl_c_drops_the_line_and_ctrl_d_leaves_only_an_empty_one()
    {
        _keys.Type("abc").Control(ConsoleKey.C)
            .Type("ab").Press(ConsoleKey.Home).Control(ConsoleKey.D).Enter().Control(ConsoleKey.D);
        Assert.Equal((LineEditor.Ending.Interrupted, ""), Read());
        Assert.Equal((LineEditor.Ending.Entered, "b"), Read());
        Assert.Equal((LineEditor.Ending.Closed, ""), Read());
    }

    [Fact]
    public void The_end_of_the_input_closes()
    {
        Assert.Equal((LineEditor.Ending.Closed, ""), Read());
    }

    [Fact]
    public void A_line_that_wraps_is_drawn_from_its_first_row()
    {
        // Ten columns: the prompt and six characters fill the first row.
        _keys.Type("abcdefg").Press(ConsoleKey.Home).Enter();
        Read();
        Assert.Contains("\u001b[1A\r\u001b[J>>> abcdefg", _screen.ToString());
    }

    private (LineEditor.Ending Ending, string Line) Read() =>
        (new LineEditor(_keys, _screen, _history, () => 10).Read(">>> ", out var line), line);

    /// <summary>Notes whether Ctrl+C was a key when something was first shown.</summary>
    private sealed class WatchedScreen(ScriptedKeys keys) : StringWriter
    {
        public bool? WasTakenAtFirst { get; private set; }

        public override void Write(char value)
        {
            WasTakenAtFirst ??= keys.IsTaken;
            base.Write(value);
        }

        public override void Write(string? value)
        {
            WasTakenAtFirst ??= keys.IsTaken;
            base.Write(value);
        }
    }
}
