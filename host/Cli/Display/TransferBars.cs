using System.Globalization;
using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ollama.Platform.Host.Cli.Display;

/// <summary>
/// The steps of a transfer on a terminal: what is under way as bars at the bottom, what is done as lines above them,
/// however many there are.
/// </summary>
/// <param name="console">The terminal.</param>
/// <param name="drawn">Its bars.</param>
internal sealed partial class TransferBars(IAnsiConsole console, ProgressContext drawn)
{
    private const int DigestDigits = 12;

    // What the columns beside the description take, and the least that is left of it.
    private const int OtherColumns = 56;
    private const int DescriptionColumnsMin = 16;

    private readonly Dictionary<string, ProgressTask> _tasks = [];
    private string _current = "";

    /// <summary>Bars that fit a terminal of 80 columns.</summary>
    public static Progress NewProgress(IAnsiConsole console) =>
        console.Progress().AutoClear(true).HideCompleted(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 16 },
            new BytesColumn(4, task => $"{Math.Floor(task.Percentage).ToString(CultureInfo.InvariantCulture)}%"),
            new BytesColumn(13, task => $"{ByteText.Format((long)task.Value)}/{ByteText.Format((long)task.MaxValue)}"),
            new BytesColumn(8, task => task.Speed is { } speed ? $"{ByteText.Format((long)speed)}/s" : ""),
            new BytesColumn(8, task => task.RemainingTime is { TotalDays: < 1 } rest
                ? rest.ToString("h\\:mm\\:ss", CultureInfo.InvariantCulture)
                : ""));

    /// <summary>Takes up a step.</summary>
    /// <param name="status">What is done.</param>
    /// <param name="completed">Bytes that are done.</param>
    /// <param name="total">Bytes in all; 0 for a step without.</param>
    public void Show(string status, double completed, double total)
    {
        // A status that was done and begins again is a second step: a damaged blob is read, then brought.
        if (!_tasks.TryGetValue(status, out var task) || (task.IsFinished && completed < total))
        {
            // Layers move side by side; a step without bytes is over when another one begins.
            if (_tasks.TryGetValue(_current, out var before) && before.IsIndeterminate)
            {
                Finish(_current, before);
            }

            _current = status;
            task = _tasks[status] = drawn.AddTask(Describe(status), maxValue: 1);
            task.IsIndeterminate = true;
        }

        if (total > 0 && !task.IsFinished)
        {
            task.IsIndeterminate = false;
            task.MaxValue = total;
            if (completed >= total)
            {
                Finish(status, task);
            }
            else
            {
                task.Value = completed;
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        foreach (var (status, task) in _tasks.Where(task => !task.Value.IsFinished))
        {
            Finish(status, task);
        }
    }

    private void Finish(string status, ProgressTask task)
    {
        task.IsIndeterminate = false;
        task.Value = task.MaxValue;
        var bytes = task.MaxValue > 1 ? $" ({ByteText.Format((long)task.MaxValue)})" : "";
        console.WriteLine(Shorten(status) + bytes);
    }

    private string Describe(string status)
    {
        var text = Shorten(status);
        var columns = Math.Max(console.Profile.Width - OtherColumns, DescriptionColumnsMin);
        return Markup.Escape(text.Length > columns ? $"{text[..(columns - 1)]}…" : text);
    }

    private static string Shorten(string status) =>
        Digest().Replace(status, match => match.Value[..(match.Value.IndexOf(':') + 1 + DigestDigits)]);

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    /// <summary>A column that steps without bytes leave empty.</summary>
    private sealed class BytesColumn(int width, Func<ProgressTask, string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.IsIndeterminate ? "" : text(task).PadLeft(width));
    }
}
