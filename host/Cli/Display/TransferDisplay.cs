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
        var progress = console.Progress().AutoClear(false).HideCompleted(false).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
            new DownloadedColumn { Culture = System.Globalization.CultureInfo.InvariantCulture },
            new TransferSpeedColumn { Culture = System.Globalization.CultureInfo.InvariantCulture },
            new RemainingTimeColumn());
        await progress.StartAsync(async drawn =>
        {
            var tasks = new Dictionary<string, ProgressTask>();
            ProgressTask? current = null;
            await foreach (var line in lines)
            {
                var status = StatusOf(line);
                told(status);
                if (!tasks.TryGetValue(status, out var task))
                {
                    Complete(current, line);
                    task = tasks[status] = drawn.AddTask(Markup.Escape(status), maxValue: 1);
                    task.IsIndeterminate = NumberOf(line, "total") == 0;
                    current = task;
                }

                if (NumberOf(line, "total") is var total and > 0)
                {
                    task.IsIndeterminate = false;
                    task.MaxValue = total;
                    task.Value = NumberOf(line, "completed");
                }
            }

            foreach (var task in tasks.Values)
            {
                Complete(task, line: null);
            }
        });
    }

    // Layers move side by side; a step without bytes is over when the next one begins.
    private static void Complete(ProgressTask? task, JsonObject? line)
    {
        if (task is not null && (line is null || task.IsIndeterminate))
        {
            task.IsIndeterminate = false;
            task.Value = task.MaxValue;
        }
    }

    private static string StatusOf(JsonObject line) => line["status"]?.ToString() ?? "";

    private static double NumberOf(JsonObject line, string name) =>
        line[name] is JsonValue value && value.TryGetValue(out long number) ? number : 0;
}
