using System.Text.RegularExpressions;
using Ollama.Platform.Host.Cli.Display;
using Spectre.Console;

namespace Ollama.Platform.UnitTests.Host.Cli;

public sealed partial class TransferBarsTests
{
    [Fact]
    public async Task A_status_that_begins_again_is_a_second_step()
    {
        var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        console.Profile.Width = 120;
        await TransferBars.NewProgress(console).StartAsync(drawn =>
        {
            var bars = new TransferBars(console, drawn);
            bars.Show("pulling aaaaaaaaaaaa", 2_000_000, 2_000_000);
            bars.Show("pulling aaaaaaaaaaaa", 2_000_000, 2_000_000);
            bars.Show("pulling aaaaaaaaaaaa", 500_000, 2_000_000);
            drawn.Refresh();
            bars.Show("pulling aaaaaaaaaaaa", 2_000_000, 2_000_000);
            bars.End();
            return Task.CompletedTask;
        });

        var lines = screen.ToString().Split('\n').Select(line => Controls().Replace(line, "").Trim()).ToList();
        Assert.Contains(lines, line => line.Contains(" 25%", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(line => line == "pulling aaaaaaaaaaaa (2 MB)"));
    }

    [Fact]
    public async Task Steps_that_are_done_are_lines_and_fit_a_narrow_terminal()
    {
        var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        });
        console.Profile.Width = 80;
        var digest = $"sha256:{new string('a', 64)}";
        await TransferBars.NewProgress(console).StartAsync(drawn =>
        {
            var bars = new TransferBars(console, drawn);
            bars.Show($"copying model.gguf as {digest}", 0, 2_000_000);
            bars.Show($"copying model.gguf as {digest}", 1_000_000, 2_000_000);
            drawn.Refresh();
            bars.Show($"copying model.gguf as {digest}", 2_000_000, 2_000_000);
            bars.Show("converting model", 0, 0);
            bars.Show("success", 0, 0);
            bars.End();
            return Task.CompletedTask;
        });

        var lines = screen.ToString().Split('\n').Select(line => Controls().Replace(line, "").Trim()).ToList();
        Assert.Contains(lines, line => line.StartsWith("copying model.gguf as s…", StringComparison.Ordinal)
            && line.Contains(" 50%", StringComparison.Ordinal) && line.Contains("1 MB/2 MB", StringComparison.Ordinal));
        Assert.Contains("copying model.gguf as sha256:aaaaaaaaaaaa (2 MB)", lines);
        Assert.Contains("converting model", lines);
        Assert.Contains("success", lines);
        Assert.EndsWith("\u001b[?25h", screen.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\r")]
    private static partial Regex Controls();
}
