using System.Text;

namespace Ollama.Platform.Host.Cli.Display;

/// <summary>Rows of text under a heading, as scripts and people read them: no lines, no wrapping.</summary>
internal static class Columns
{
    private const int Gap = 4;

    /// <summary>Lays out rows of equal length; the last column is not padded.</summary>
    /// <param name="heading">The names of the columns; empty for none.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="indent">Blanks before each row.</param>
    public static string Format(
        IReadOnlyList<string> heading, IReadOnlyList<IReadOnlyList<string>> rows, int indent = 0)
    {
        IReadOnlyList<IReadOnlyList<string>> all = heading.Count == 0 ? rows : [heading, .. rows];
        if (all.Count == 0)
        {
            return "";
        }

        var widths = Enumerable.Range(0, all[0].Count).Select(column => all.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in all)
        {
            text.Append(' ', indent);
            for (var column = 0; column < row.Count; column++)
            {
                text.Append(column == row.Count - 1 ? row[column] : row[column].PadRight(widths[column] + Gap));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
