using System.Runtime.CompilerServices;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>
/// One rendering in progress: its scopes, its output and what is left of its limits. Runs on the caller's thread; every
/// failure ends the rendering, so nothing is restored on the way out of an exception.
/// </summary>
internal sealed class RenderState(
    JinjaValue[] root, DateTimeOffset now, JinjaLimits limits, CancellationToken cancellationToken)
{
    // Often enough that a client that left is noticed within a millisecond.
    private const long CancellationSteps = 1024;

    private readonly Stack<StringBuilder> _spareOutputs = new();
    private StringBuilder _output = new();
    private long _stepsLeft = limits.StepsMax;
    private long _textLeft = limits.TextCharactersMax;
    private int _callDepth;

    /// <summary>The time that <c>strftime_now</c> shows.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Where the template is, for the message of a failure.</summary>
    public SourcePosition At { get; set; }

    /// <summary>The innermost scope; null at the top level.</summary>
    public Scope? Scope { get; set; }

    public TemplateException Fail(string message) => new(message, At.Line, At.Column);

    /// <summary>Counts one evaluated node.</summary>
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
        // Compared before subtracting: the product of two lengths may be near the end of the range.
        if (steps > _stepsLeft)
        {
            throw TooManySteps();
        }

        _stepsLeft -= steps;
    }

    /// <summary>
    /// Counts a pass over a text. Passes are vectorized or simple loops: 256 characters cost one step.
    /// </summary>
    public void ChargeScan(long characters) => Charge(characters >> 8);

    /// <summary>Counts a search, whose worst case is the product of both lengths.</summary>
    public void ChargeSearch(string text, string sought) =>
        Charge((text.Length >> 8) + ((long)text.Length * Math.Min(sought.Length, text.Length) >> 14));

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

    /// <summary>Makes a value of a text, counting it.</summary>
    public JinjaValue Text(string text)
    {
        ChargeText(text.Length);
        return JinjaValue.From(text);
    }

    public JinjaValue Text(ReadOnlySpan<char> text)
    {
        ChargeText(text.Length);
        return JinjaValue.From(text.ToString());
    }

    public bool TryGetName(int name, out JinjaValue value)
    {
        for (var scope = Scope; scope is not null; scope = scope.Parent)
        {
            if (scope.TryGet(name, out value))
            {
                return true;
            }
        }

        value = root[name];
        return !value.IsUndefined;
    }

    public void SetName(int name, JinjaValue value)
    {
        if (Scope is null)
        {
            root[name] = value;
        }
        else
        {
            Scope.Set(name, value);
        }
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

    public void Write(JinjaValue value) => Write(value.IsString ? value.AsString : PythonText.Str(this, value));

    /// <summary>
    /// Sends what is written from here on to a text of its own; returns what to hand back at the end.
    /// </summary>
    public StringBuilder BeginCapture()
    {
        var outer = _output;
        _output = _spareOutputs.TryPop(out var spare) ? spare : new StringBuilder();
        return outer;
    }

    public JinjaValue EndCapture(StringBuilder outer)
    {
        var text = _output.ToString();
        _spareOutputs.Push(_output.Clear());
        _output = outer;
        return JinjaValue.From(text);
    }

    /// <summary>Enters a macro or a recursive loop, which must leave again.</summary>
    public void EnterCall()
    {
        if (++_callDepth > limits.CallDepthMax)
        {
            throw Fail($"calls are nested more than {limits.CallDepthMax} deep");
        }

        EnsureStack();
    }

    public void LeaveCall() => _callDepth--;

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

    private TemplateException TooManySteps() => Fail($"the template took more than {limits.StepsMax} steps");
}
