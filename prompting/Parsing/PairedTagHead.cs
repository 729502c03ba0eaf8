using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The head of a call whose name is the text in front of its first key.</summary>
/// <param name="cycle">The tags around keys and values, in their order.</param>
/// <param name="tools">Decide the types of the values.</param>
internal sealed class PairedTagHead(string[] cycle, IReadOnlyList<ToolDefinition> tools) : ICallHead
{
    private readonly TagFinder _tags = new(cycle);
    private readonly StringBuilder _text = new();
    private string _name = "";
    private bool _isDone;

    public string? Read(char character)
    {
        if (_isDone || _tags.Read(character, _text) is not { } tag)
        {
            return null;
        }

        _isDone = true;
        _name = _text.ToString().Trim();
        return tag == cycle[0] && _name.Length > 0 ? _name : null;
    }

    public IGrowingArguments Open() => new PairedTagArguments(cycle, ParameterTypes.Of(tools, _name));
}
