using System.Runtime.CompilerServices;
using System.Text;
using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Modelfiles;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Runtime;

/// <summary>
/// One rendering in progress: its variables, its output and what is left of its limits. Runs on the caller's thread;
/// every failure ends the rendering, so nothing is restored on the way out of an exception.
/// </summary>
internal sealed class GoRenderState(
    string source, DateTimeOffset now, GoLimits limits, CancellationToken cancellationToken)
{
    // Often enough that a client that left is noticed within a millisecond.
    private const long CancellationSteps = 1024;

    private readonly StringBuilder _output = new();
    private readonly List<(string Name, GoValue Value)> _variables = [];
    private int _firstVisible;
    private long _stepsLeft = limits.StepsMax;
    private long _textLeft = limits.TextCharactersMax;
    private int _callDepth;

    /// <summary>The time that <c>currentDate</c> shows.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Where the template is, for the message of a failure.</summary>
    public GoNode? At { get; set; }

    /// <summary>The name of the template that is being executed.</summary>
    public string Executing { get; private set; } = "";

    public int VariableCount => _variables.Count;

    public TemplateException Fail(string message)
    {
        if (At is null)
        {
            return TemplateException.InWordsOfGo($"template: : {message}", 0);
        }

        var before = source.AsSpan(0, At.Offset);
        var line = before.Count('\n') + 1;
        var column = Encoding.UTF8.GetByteCount(before[(before.LastIndexOf('\n') + 1)..]);
        return TemplateException.InWordsOfGo(
            $"template: :{line}:{column}: executing {GoText.Quote(Executing)} at <{At}>: {message}", line);
    }

    /// <summary>Counts one walked node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if ((--_stepsLeft & (CancellationSteps - 1)) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (_stepsLeft < 0)
        {
            throw TooManySteps();
        }
    }

    /// <summary>Counts work that depends on the size of values, before it is done.</summary>
    public void Charge(long steps)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (steps > _stepsLeft)
        {
            throw TooManySteps();
        }

        _stepsLeft -= steps;
    }

    /// <summary>Counts a pass over a text, of which 256 characters cost one step.</summary>
    public void ChargeScan(long characters) => Charge(characters >> 8);

    /// <summary>Counts a text that is about to be made.</summary>
    public void ChargeText(long characters)
    {
        if (characters > limits.OutputCharactersMax)
        {
            throw Fail($"a text of {characters} characters exceeds the limit of {limits.OutputCharactersMax}");
        }

        if (characters > _textLeft)
        {
            throw Fail($"the template made more than {limits.TextCharactersMax} characters of text");
        }

        _textLeft -= characters;
    }

    public void Write(string text)
    {
        ChargeText(text.Length);
        if (_output.Length + (long)text.Length > limits.OutputCharactersMax)
        {
            throw Fail($"the output exceeds the limit of {limits.OutputCharactersMax} characters");
        }

        _output.Append(text);
    }

    public void Declare(string name, GoValue value) => _variables.Add((name, value));

    /// <summary>Changes a variable that was declared a number of places from the top, counted from 1.</summary>
    public void SetFromTop(int place, GoValue value) => _variables[^place] = (_variables[^place].Name, value);

    public void Assign(string name, GoValue value)
    {
        var index = IndexOf(name);
        _variables[index] = (name, value);
    }

    public GoValue Get(string name) => _variables[IndexOf(name)].Value;

    /// <summary>Forgets the variables that were declared since.</summary>
    public void Forget(int count) => _variables.RemoveRange(count, _variables.Count - count);

    /// <summary>Enters a template that sees the dot alone; returns what to leave it with.</summary>
    public (string Executing, int FirstVisible) Enter(string name, GoValue dot)
    {
        if (++_callDepth > limits.CallDepthMax)
        {
            throw Fail($"exceeded maximum template depth ({limits.CallDepthMax})");
        }

        EnsureStack();
        var outer = (Executing, _firstVisible);
        (Executing, _firstVisible) = (name, _variables.Count);
        Declare("$", dot);
        return outer;
    }

    public void Leave((string Executing, int FirstVisible) outer)
    {
        Forget(_firstVisible);
        (Executing, _firstVisible) = outer;
        _callDepth--;
    }

    /// <summary>Turns what would be a stack overflow into a failure of the template.</summary>
    public void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail("the template is nested too deeply");
        }
    }

    /// <summary>The rendered text.</summary>
    public string Finish() => _output.ToString();

    private int IndexOf(string name)
    {
        for (var i = _variables.Count - 1; i >= _firstVisible; i--)
        {
            if (_variables[i].Name == name)
            {
                return i;
            }
        }

        throw Fail($"undefined variable: {name}");
    }

    private TemplateException TooManySteps() => Fail($"the template took more than {limits.StepsMax} steps");
}
