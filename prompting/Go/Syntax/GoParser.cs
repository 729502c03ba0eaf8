using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>Parses text, actions and statements; the insides of actions are the pipeline parser's.</summary>
internal sealed class GoParser
{
    // Deeper than any real template, and shallow enough for every stack.
    internal const int NestingMax = 200;

    private readonly GoTokenReader _tokens;
    private readonly GoPipelineParser _pipelines;
    private readonly Dictionary<string, ListNode> _definitions = new(StringComparer.Ordinal);
    private int _nesting;
    private int _rangeDepth;

    private GoParser(string source)
    {
        _tokens = new GoTokenReader(source);
        _pipelines = new GoPipelineParser(_tokens);
    }

    /// <summary>Parses a whole template: its body and the templates that it defines.</summary>
    /// <exception cref="TemplateException">It is not well formed.</exception>
    public static (ListNode Body, IReadOnlyDictionary<string, ListNode> Definitions) Parse(string source)
    {
        var parser = new GoParser(source);
        return (parser.ParseTop(), parser._definitions);
    }

    private ListNode ParseTop()
    {
        var nodes = new List<GoNode>();
        while (_tokens.Peek().Kind != GoTokenKind.End)
        {
            if (_tokens.Peek().Kind == GoTokenKind.LeftDelimiter)
            {
                var mark = _tokens.Mark();
                _tokens.Take();
                if (_tokens.TakeNonSpace().IsKeyword("define"))
                {
                    ParseDefinition();
                    continue;
                }

                _tokens.Return(mark);
            }

            var (node, end) = ParseTextOrAction();
            if (end is not null)
            {
                throw _tokens.Fail($"unexpected {{{{{end}}}}}");
            }

            nodes.Add(node!);
        }

        return new ListNode(0, nodes);
    }

    private void ParseDefinition()
    {
        const string Context = "define clause";
        var token = _tokens.TakeNonSpace();
        var name = Unquote(token, Context);
        _tokens.Expect(GoTokenKind.RightDelimiter, Context);
        var outer = _pipelines.BeginScope();
        var (list, end) = ParseList();
        if (end != "end")
        {
            throw _tokens.Fail($"unexpected {{{{{end}}}}} in {Context}");
        }

        _pipelines.EndScope(outer);
        Define(name, list);
    }

    private void Define(string name, ListNode list)
    {
        // A template that is all white space does not replace another one.
        if (_definitions.TryGetValue(name, out var known) && !IsBlank(known))
        {
            if (!IsBlank(list))
            {
                throw _tokens.Fail($"template: multiple definition of template {Quote(name)}");
            }

            return;
        }

        _definitions[name] = list;
    }

    private static bool IsBlank(ListNode list) =>
        list.Nodes.All(node => node is TextNode text && string.IsNullOrWhiteSpace(text.Text));

    /// <summary>The nodes up to the word that ends the list, which is taken: <c>end</c> or <c>else</c>.</summary>
    private (ListNode List, string End) ParseList()
    {
        var offset = _tokens.PeekNonSpace().Offset;
        var nodes = new List<GoNode>();
        if (++_nesting > NestingMax)
        {
            throw _tokens.Fail("the template is nested too deeply");
        }

        while (_tokens.PeekNonSpace().Kind != GoTokenKind.End)
        {
            var (node, end) = ParseTextOrAction();
            if (end is not null)
            {
                _nesting--;
                return (new ListNode(offset, nodes), end);
            }

            nodes.Add(node!);
        }

        throw _tokens.Fail("unexpected EOF");
    }

    private (GoNode? Node, string? End) ParseTextOrAction()
    {
        var token = _tokens.TakeNonSpace();
        switch (token.Kind)
        {
            case GoTokenKind.Text:
                return (new TextNode(token.Offset, token.Text), null);
            case GoTokenKind.LeftDelimiter:
                _tokens.ActionOffset = token.Offset;
                var result = ParseAction();
                _tokens.ActionOffset = -1;
                return result;
            default:
                throw _tokens.Unexpected(token, "input");
        }
    }

    private (GoNode? Node, string? End) ParseAction()
    {
        var mark = _tokens.Mark();
        var token = _tokens.TakeNonSpace();
        switch (token.Kind == GoTokenKind.Keyword ? token.Text : "")
        {
            case "block":
                return (ParseBlock(), null);
            case "break" or "continue":
                return (ParseLoopControl(token), null);
            case "else":
                return (null, ParseElse());
            case "end":
                _tokens.Expect(GoTokenKind.RightDelimiter, "end");
                return (null, "end");
            case "if":
                return (ParseBranch(BranchKind.If, "if"), null);
            case "range":
                return (ParseBranch(BranchKind.Range, "range"), null);
            case "with":
                return (ParseBranch(BranchKind.With, "with"), null);
            case "template":
                return (ParseTemplate(), null);
            default:
                _tokens.Return(mark);
                var offset = _tokens.PeekNonSpace().Offset;
                return (new ActionNode(offset, _pipelines.Parse("command", GoTokenKind.RightDelimiter)), null);
        }
    }

    /// <summary>The word is followed by its end, or by a statement that stands in its place.</summary>
    private string ParseElse()
    {
        var next = _tokens.PeekNonSpace();
        if (next.IsKeyword("if") || next.IsKeyword("with"))
        {
            return "else " + next.Text;
        }

        _tokens.Expect(GoTokenKind.RightDelimiter, "else");
        return "else";
    }

    private BranchNode ParseBranch(BranchKind kind, string word)
    {
        var scope = _pipelines.Mark();
        var pipe = _pipelines.Parse(word, GoTokenKind.RightDelimiter);
        _rangeDepth += kind == BranchKind.Range ? 1 : 0;
        var (body, end) = ParseList();
        _rangeDepth -= kind == BranchKind.Range ? 1 : 0;
        ListNode? otherwise = null;
        if (end == "else " + word)
        {
            // One end closes both.
            var offset = _tokens.TakeNonSpace().Offset;
            if (++_nesting > NestingMax)
            {
                throw _tokens.Fail("the template is nested too deeply");
            }

            otherwise = new ListNode(offset, [ParseBranch(kind, word)]);
            _nesting--;
        }
        else if (end == "else")
        {
            (otherwise, end) = ParseList();
            if (end != "end")
            {
                throw _tokens.Fail($"expected end; found {{{{{end}}}}}");
            }
        }
        else if (end != "end")
        {
            throw _tokens.Unexpected(_tokens.TakeNonSpace(), "else");
        }

        _pipelines.Reset(scope);
        return new BranchNode(kind, pipe.Offset, pipe, body, otherwise);
    }

    private LoopControlNode ParseLoopControl(GoToken word)
    {
        var token = _tokens.TakeNonSpace();
        if (token.Kind != GoTokenKind.RightDelimiter)
        {
            throw _tokens.Unexpected(token, $"{{{{{word.Text}}}}}");
        }

        return _rangeDepth > 0
            ? new LoopControlNode(word.Offset, word.Text == "break")
            : throw _tokens.Fail($"{{{{{word.Text}}}}} outside {{{{range}}}}");
    }

    private TemplateNode ParseTemplate()
    {
        const string Context = "template clause";
        var token = _tokens.TakeNonSpace();
        var name = Unquote(token, Context);
        if (_tokens.PeekNonSpace().Kind == GoTokenKind.RightDelimiter)
        {
            _tokens.TakeNonSpace();
            return new TemplateNode(token.Offset, name, null);
        }

        return new TemplateNode(token.Offset, name, _pipelines.Parse(Context, GoTokenKind.RightDelimiter));
    }

    private TemplateNode ParseBlock()
    {
        const string Context = "block clause";
        var token = _tokens.TakeNonSpace();
        var name = Unquote(token, Context);
        var pipe = _pipelines.Parse(Context, GoTokenKind.RightDelimiter);
        var outer = _pipelines.BeginScope();
        var range = _rangeDepth;
        _rangeDepth = 0;
        var (list, end) = ParseList();
        if (end != "end")
        {
            throw _tokens.Fail($"unexpected {{{{{end}}}}} in {Context}");
        }

        _rangeDepth = range;
        _pipelines.EndScope(outer);
        Define(name, list);
        return new TemplateNode(token.Offset, name, pipe);
    }

    private string Unquote(GoToken token, string context)
    {
        if (token.Kind is not (GoTokenKind.QuotedString or GoTokenKind.RawString))
        {
            throw _tokens.Unexpected(token, context);
        }

        return StringLiteral.TryUnquote(token.Text, out var name) ? name : throw _tokens.Fail("invalid syntax");
    }

    private static string Quote(string name) => Modelfiles.GoText.Quote(name);
}
