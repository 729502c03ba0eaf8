using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Statements;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Builds the statements of a template from its tokens.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _reader;
    private readonly NameTable _names;
    private readonly ExpressionParser _expressions;
    private readonly TargetParser _targets;
    private int _loopDepth;

    private StatementParser(List<Token> tokens, NameTable names)
    {
        _reader = new TokenReader(tokens);
        _names = names;
        _expressions = new ExpressionParser(_reader, names);
        _targets = new TargetParser(_reader, names);
    }

    /// <summary>Parses a whole template, numbering its names.</summary>
    public static StatementList Parse(List<Token> tokens, NameTable names) =>
        new StatementParser(tokens, names).ParseAll();

    private StatementList ParseAll()
    {
        var body = ParseBody();
        return _reader.Current.Kind == TokenKind.End
            ? body
            : throw TokenReader.Fail($"'{_reader.Following.Text}' closes nothing here", _reader.Following);
    }

    /// <summary>Parses until the end, or a tag that begins with one of the words; its start stays unread.</summary>
    private StatementList ParseBody(params ReadOnlySpan<string> ends)
    {
        List<IStatement> statements = [];
        while (_reader.Current.Kind != TokenKind.End)
        {
            switch (_reader.Current.Kind)
            {
                case TokenKind.Text:
                    statements.Add(new TextStatement(_reader.Read().Text));
                    break;
                case TokenKind.OutputStart:
                    _reader.Read();
                    statements.Add(new OutputStatement(_expressions.ParseTuple()));
                    _reader.Expect(TokenKind.OutputEnd, "'}}'");
                    break;
                default:
                    var word = _reader.Following;
                    if (ends.Contains(word.Text) || word.Text.StartsWith("end", StringComparison.Ordinal)
                        || word.Text is "else" or "elif")
                    {
                        return new StatementList([.. statements]);
                    }

                    _reader.Read();
                    statements.Add(ParseStatement());
                    break;
            }
        }

        return new StatementList([.. statements]);
    }

    private IStatement ParseStatement()
    {
        _reader.Enter();
        var word = _reader.Expect(TokenKind.Name, "a statement");
        var statement = word.Text switch
        {
            "if" => ParseIf(),
            "for" => ParseFor(),
            "set" => ParseSet(),
            "macro" => ParseMacro(),
            "call" => ParseCall(),
            "filter" => ParseFilterBlock(),
            "with" => ParseWith(),
            "generation" => ParseGeneration(),
            "do" => new DoStatement(_expressions.ParseTuple()),
            "print" => new OutputStatement(_expressions.ParseTuple()),
            "break" => ParseLoopControl(word, Flow.Break),
            "continue" => ParseLoopControl(word, Flow.Continue),
            "include" or "import" or "from" or "extends" or "block" => throw TokenReader.Fail(
                $"'{word.Text}' is not available: a chat template is a single file", word),
            _ => throw TokenReader.Fail($"'{word.Text}' is not a statement", word),
        };
        EndTag();
        _reader.Leave();
        return statement;
    }

    private void EndTag() => _reader.Expect(TokenKind.BlockEnd, "'%}'");

    /// <summary>
    /// Parses the body of a statement up to its end tag, whose own end is left to <see cref="ParseStatement"/>.
    /// </summary>
    private StatementList ParseBodyUntil(string end)
    {
        EndTag();
        var body = ParseBody(end);
        ReadEnd(end);
        return body;
    }

    private void ReadEnd(string end)
    {
        if (_reader.Current.Kind == TokenKind.End)
        {
            throw _reader.Unexpected($"'{end}'");
        }

        _reader.Read();
        _reader.ExpectName(end);
    }

    private IfStatement ParseIf()
    {
        List<IfBranch> branches = [];
        do
        {
            var condition = _expressions.ParseTuple(conditional: false);
            EndTag();
            branches.Add(new IfBranch(condition, ParseBody("elif", "else", "endif")));
        }
        while (SkipTag("elif"));

        var otherwise = StatementList.Empty;
        if (SkipTag("else"))
        {
            EndTag();
            otherwise = ParseBody("endif");
        }

        ReadEnd("endif");
        return new IfStatement(branches, otherwise);
    }

    private bool SkipTag(string word)
    {
        var found = _reader.Current.Kind == TokenKind.BlockStart && _reader.Following.IsName(word);
        if (found)
        {
            _reader.Read();
            _reader.Read();
        }

        return found;
    }

    private ForStatement ParseFor()
    {
        var usesBefore = _names.UseCount("loop");
        var target = _targets.Parse();
        _reader.ExpectName("in");
        var items = _expressions.ParseTuple(conditional: false);
        var filter = _reader.SkipName("if") ? _expressions.Parse() : null;
        var recursive = _reader.SkipName("recursive");
        EndTag();
        _loopDepth++;
        var body = ParseBody("else", "endfor");
        _loopDepth--;
        var usesLoop = _names.UseCount("loop") > usesBefore;
        var otherwise = StatementList.Empty;
        if (SkipTag("else"))
        {
            EndTag();
            otherwise = ParseBody("endfor");
        }

        ReadEnd("endfor");
        return new ForStatement
        {
            Target = target,
            Items = items,
            Filter = filter,
            Body = body,
            Otherwise = otherwise,
            IsRecursive = recursive,
            LoopName = usesLoop ? _names.Number("loop") : null,
        };
    }

    private IStatement ParseSet()
    {
        var target = _targets.Parse(withMembers: true);
        if (_reader.SkipOperator("="))
        {
            return new SetStatement(target, _expressions.ParseTuple());
        }

        List<FilterCall> filters = [];
        while (_reader.SkipOperator("|"))
        {
            filters.Add(_expressions.ParseFilter());
        }

        return new CaptureStatement(target, filters, ParseBodyUntil("endset"));
    }

    private CaptureStatement ParseFilterBlock()
    {
        List<FilterCall> filters = [];
        do
        {
            filters.Add(_expressions.ParseFilter());
        }
        while (_reader.SkipOperator("|"));

        return new CaptureStatement(null, filters, ParseBodyUntil("endfilter"));
    }

    private ScopeStatement ParseWith()
    {
        List<KeyValuePair<ITarget, IExpression>> assignments = [];
        while (_reader.Current.Kind != TokenKind.BlockEnd)
        {
            var target = _targets.ParseOne(withMembers: false);
            _reader.ExpectOperator("=");
            assignments.Add(new(target, _expressions.Parse()));
            if (!_reader.SkipOperator(","))
            {
                break;
            }
        }

        return new ScopeStatement(assignments, ParseBodyUntil("endwith"));
    }

    private ScopeStatement ParseGeneration() => new([], ParseBodyUntil("endgeneration"));

    private LoopControlStatement ParseLoopControl(Token word, Flow flow) => _loopDepth > 0
        ? new LoopControlStatement(flow)
        : throw TokenReader.Fail($"'{word.Text}' stands outside of a loop", word);

    private MacroStatement ParseMacro()
    {
        var name = _reader.Expect(TokenKind.Name, "a macro name");
        var parameters = ParseParameters();
        return new MacroStatement(_names.Number(name.Text), ParseMacroBody(name.Text, parameters, "endmacro"));
    }

    private CallStatement ParseCall()
    {
        var parameters = _reader.Current.IsOperator("(") ? ParseParameters() : [];
        var token = _reader.Current;
        var call = _expressions.Parse() as CallExpression
            ?? throw TokenReader.Fail("a call block needs a call", token);
        return new CallStatement(call, ParseMacroBody("caller", parameters, "endcall"));
    }

    private MacroDefinition ParseMacroBody(string name, List<MacroParameter> parameters, string end)
    {
        var (varArgsBefore, keywordArgsBefore) = (_names.UseCount("varargs"), _names.UseCount("kwargs"));
        var loopDepth = _loopDepth;
        _loopDepth = 0;
        var body = ParseBodyUntil(end);
        _loopDepth = loopDepth;
        return new MacroDefinition
        {
            Name = name,
            Parameters = parameters,
            Body = body,
            VarArgs = _names.UseCount("varargs") > varArgsBefore ? _names.Number("varargs") : null,
            KeywordArgs = _names.UseCount("kwargs") > keywordArgsBefore ? _names.Number("kwargs") : null,
            Caller = _names.Number("caller"),
        };
    }

    private List<MacroParameter> ParseParameters()
    {
        List<MacroParameter> parameters = [];
        _reader.ExpectOperator("(");
        while (!_reader.Current.IsOperator(")"))
        {
            var name = _reader.Expect(TokenKind.Name, "a parameter name");
            var otherwise = _reader.SkipOperator("=") ? _expressions.Parse() : null;
            if (otherwise is null && parameters is [.., { Default: not null }])
            {
                throw TokenReader.Fail("a parameter without a default follows one with a default", name);
            }

            parameters.Add(new MacroParameter(_names.Number(name.Text), name.Text, otherwise));
            if (!_reader.SkipOperator(","))
            {
                break;
            }
        }

        _reader.ExpectOperator(")");
        return parameters;
    }
}
