using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Statements;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Jinja;

/// <summary>
/// A parsed chat template. Behaves as the environment in which templates of models are written: newlines after block
/// tags and blanks before them are dropped, undefined values are lenient, nothing is escaped for HTML. Immutable and
/// safe to share between threads; a rendering runs on the caller's thread.
/// </summary>
internal sealed class JinjaTemplate
{
    // The longest real templates have some 30 thousand characters.
    private const int SourceCharactersMax = 1 << 20;

    private readonly StatementList _body;
    private readonly string[] _names;
    private readonly JinjaValue[] _functions;

    private JinjaTemplate(StatementList body, IReadOnlyList<string> names)
    {
        _body = body;
        _names = [.. names];
        _functions = [.. names.Select(Functions.Find)];
    }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It is not well formed, too long or nested too deeply.</exception>
    public static JinjaTemplate Parse(string source)
    {
        if (source.Length > SourceCharactersMax)
        {
            throw new TemplateException($"the template is longer than {SourceCharactersMax} characters", 0, 0);
        }

        // One newline at the very end does not count; all kinds of newlines are one.
        var normalized = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        normalized = normalized.EndsWith('\n') ? normalized[..^1] : normalized;
        var names = new NameTable();
        var body = StatementParser.Parse(TemplateLexer.Tokenize(normalized), names);
        return new JinjaTemplate(body, names.Names);
    }

    /// <summary>Renders with the default limits.</summary>
    /// <inheritdoc
    /// cref="Render(IReadOnlyDictionary{string, JinjaValue}, DateTimeOffset, JinjaLimits, CancellationToken)"/>
    public string Render(
        IReadOnlyDictionary<string, JinjaValue> variables, DateTimeOffset now, CancellationToken cancellationToken) =>
        Render(variables, now, JinjaLimits.Default, cancellationToken);

    /// <summary>Renders the template.</summary>
    /// <param name="variables">
    /// The names the template finds; what is absent is undefined. A template can change the lists and dictionaries in
    /// it.
    /// </param>
    /// <param name="now">The time that <c>strftime_now</c> shows, in the zone it shows.</param>
    /// <param name="limits">What the template may use up.</param>
    /// <param name="cancellationToken">Ends the rendering early.</param>
    /// <exception cref="TemplateException">The template failed, raised an error or exceeded a limit.</exception>
    public string Render(
        IReadOnlyDictionary<string, JinjaValue> variables, DateTimeOffset now, JinjaLimits limits,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var root = new JinjaValue[_names.Length];
        for (var i = 0; i < root.Length; i++)
        {
            root[i] = variables.TryGetValue(_names[i], out var value) ? value : _functions[i];
        }

        var state = new RenderState(root, now, limits, cancellationToken);
        _body.Execute(state);
        return state.Finish();
    }
}
