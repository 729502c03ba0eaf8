using System.Text.Json.Nodes;
using Spectre.Console;

namespace Ollama.Platform.Host.Cli.Display;

/// <summary>
/// Shows the progress lines of pull, push and create: bars on a terminal, a line for each step elsewhere.
/// </summary>
internal sealed class TransferDisplay(CommandContext context)
{
    private const string SuccessStatus = "success";

    /// <summary>Reads the lines to their end.</summary>
    /// <exception cref="CommandException">The server failed, or ended without saying that it succeeded.</exception>
    public async Task ShowAsync(IAsyncEnumerable<JsonObject> lines)
    {
        var status = "";
        if (context.IsErrorTerminal)
        {
            await DrawAsync(lines, last => status = last);
        }
        else
        {
            await foreach (var line in lines)
            {
                if (StatusOf(line) is var next && next != status)
                {
                    status = next;
                    await context.Error.WriteLineAsync(status);
                }
            }
        }

        if (status != SuccessStatus)
        {
            throw new CommandException(
                $"the server ended the transfer without success; its last word was \"{status}\"");
        }
    }

    private async Task DrawAsync(IAsyncEnumerable<JsonObject> lines, Action<string> told)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        await TransferBars.NewProgress(console).StartAsync(async drawn =>
        {
            var bars = new TransferBars(console, drawn);
            await foreach (var line in lines)
            {
                told(StatusOf(line));
                bars.Show(StatusOf(line), NumberOf(line, "completed"), NumberOf(line, "total"));
            }

            bars.End();
        });
    }

    private static string StatusOf(JsonObject line) => line["status"]?.ToString() ?? "";

    private static double NumberOf(JsonObject line, string name) =>
        line[name] is JsonValue value && value.TryGetValue(out long number) ? number : 0;
}
