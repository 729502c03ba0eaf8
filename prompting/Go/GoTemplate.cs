using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Go.Runtime;
using Ollama.Platform.Prompting.Go.Syntax;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go;

/// <summary>
/// A parsed template in the language of Go's <c>text/template</c>. What is missing is no failure but nil. Immutable and
/// safe to share between threads; a rendering runs on the caller's thread.
/// </summary>
internal sealed class GoTemplate
{
    // The longest real templates have some ten thousand characters.
    private const int SourceCharactersMax = 1 << 20;

    private readonly string _source;

    private GoTemplate(string source, ListNode body, IReadOnlyDictionary<string, ListNode> definitions) =>
        (_source, Body, Definitions) = (source, body, definitions);

    /// <summary>What is rendered.</summary>
    public ListNode Body { get; private init; }

    /// <summary>The templates that the body can call, by name.</summary>
    public IReadOnlyDictionary<string, ListNode> Definitions { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It is not well formed, too long or nested too deeply.</exception>
    public static GoTemplate Parse(string source)
    {
        if (source.Length > SourceCharactersMax)
        {
            throw new TemplateException($"the template is longer than {SourceCharactersMax} characters", 0, 0);
        }

        var (body, definitions) = GoParser.Parse(source);
        return new GoTemplate(source, body, definitions);
    }

    /// <summary>The same template with another body, made of the nodes of this one.</summary>
    public GoTemplate WithBody(ListNode body) => new(_source, body, Definitions);

    /// <summary>Renders with the default limits.</summary>
    /// <inheritdoc cref="Render(GoValue, DateTimeOffset, GoLimits, CancellationToken)"/>
    public string Render(GoValue dot, DateTimeOffset now, CancellationToken cancellationToken) =>
        Render(dot, now, GoLimits.Default, cancellationToken);

    /// <summary>Renders the template.</summary>
    /// <param name="dot">What the template begins with as its dot.</param>
    /// <param name="now">The time that <c>currentDate</c> shows, in the zone it shows.</param>
    /// <param name="limits">What the template may use up.</param>
    /// <param name="cancellationToken">Ends the rendering early.</param>
    /// <exception cref="TemplateException">The template failed or exceeded a limit.</exception>
    public string Render(GoValue dot, DateTimeOffset now, GoLimits limits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var state = new GoRenderState(_source, now, limits, cancellationToken);
        new GoExecution(state, Definitions).Run("", Body, dot);
        return state.Finish();
    }
}
