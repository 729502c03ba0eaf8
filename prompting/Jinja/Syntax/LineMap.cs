using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Turns offsets of the source into lines and columns.</summary>
internal sealed class LineMap
{
    private readonly List<int> _lineStarts = [0];

    public LineMap(string source)
    {
        for (var i = source.IndexOf('\n'); i >= 0; i = source.IndexOf('\n', i + 1))
        {
            _lineStarts.Add(i + 1);
        }
    }

    public SourcePosition At(int offset)
    {
        var found = _lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return new SourcePosition(line + 1, offset - _lineStarts[line] + 1);
    }

    public TemplateException Fail(string message, int offset)
    {
        var (line, column) = At(offset);
        return new TemplateException(message, line, column);
    }
}
