using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The heads of calls that are tags with a name.</summary>
/// <param name="marks">The family's marks.</param>
/// <param name="tools">Decide the types of the values.</param>
internal sealed class TagCallHead(TagCallMarks marks, IReadOnlyList<ToolDefinition> tools) : ICallHead
{
    private readonly TagFinder _finder = new(marks.CallOpen);
    private readonly StringBuilder _text = new();
    private string _name = "";
    private bool _isInTag;
    private bool _isDone;

    public string? Read(char character)
    {
        if (_isDone)
        {
            return null;
        }

        if (!_isInTag)
        {
            _isInTag = _finder.Read(character, _text) is not null;
            _text.Clear();
            return null;
        }

        if (character != '>')
        {
            _text.Append(character);
            return null;
        }

        var name = marks.ReadTag(_text.ToString())?.Name;
        _text.Clear();
        (_isInTag, _isDone) = (false, marks.IsSingle || name is null);
        _name = name ?? "";
        return name;
    }

    public IGrowingArguments Open() => new TagArguments(marks, ParameterTypes.Of(tools, _name));
}
