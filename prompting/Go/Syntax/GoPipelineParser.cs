using Ollama.Platform.Prompting.Go.Library;
using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Modelfiles;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>Parses pipelines and knows which variables they may name.</summary>
internal sealed class GoPipelineParser(GoTokenReader tokens)
{
    private const string Root = "$";

    private List<string> _variables = [Root];
    private int _nesting;

    /// <summary>How many variables are in scope, to go back to.</summary>
    public int Mark() => _variables.Count;

    public void Reset(int mark) => _variables.RemoveRange(mark, _variables.Count - mark);

    /// <summary>Begins a template of its own, which sees no variables; returns what to end it with.</summary>
    public List<string> BeginScope()
    {
        var outer = _variables;
        _variables = [Root];
        return outer;
    }

    public void EndScope(List<string> outer) => _variables = outer;

    /// <summary>Parses a pipeline and takes the token that ends it.</summary>
    /// <exception cref="TemplateException">It is not well formed.</exception>
    public PipeNode Parse(string context, GoTokenKind end)
    {
        var offset = tokens.PeekNonSpace().Offset;
        var variables = new List<VariableNode>();
        var isAssignment = ParseDeclarations(context, variables);
        var commands = new List<CommandNode>();
        while (true)
        {
            var mark = tokens.Mark();
            var token = tokens.TakeNonSpace();
            if (token.Kind == end)
            {
                Check(commands, context);
                return new PipeNode(offset, variables, isAssignment, commands);
            }

            if (!BeginsOperand(token.Kind))
            {
                throw tokens.Unexpected(token, context);
            }

            tokens.Return(mark);
            commands.Add(ParseCommand());
        }
    }

    private static bool BeginsOperand(GoTokenKind kind) => kind is GoTokenKind.Bool or GoTokenKind.CharacterConstant
        or GoTokenKind.Dot or GoTokenKind.Field or GoTokenKind.Identifier or GoTokenKind.Number or GoTokenKind.Nil
        or GoTokenKind.RawString or GoTokenKind.QuotedString or GoTokenKind.Variable or GoTokenKind.LeftParenthesis;

    private bool ParseDeclarations(string context, List<VariableNode> variables)
    {
        while (tokens.PeekNonSpace().Kind == GoTokenKind.Variable)
        {
            var mark = tokens.Mark();
            var variable = tokens.TakeNonSpace();
            var next = tokens.PeekNonSpace();
            var isComma = next is { Kind: GoTokenKind.Character, Text: "," };
            if (!isComma && next.Kind is not (GoTokenKind.Assign or GoTokenKind.Declare))
            {
                tokens.Return(mark);
                return false;
            }

            tokens.TakeNonSpace();
            variables.Add(new VariableNode(variable.Offset, [variable.Text]));
            _variables.Add(variable.Text);
            if (!isComma)
            {
                return next.Kind == GoTokenKind.Assign;
            }

            if (context != "range" || variables.Count > 1)
            {
                throw tokens.Fail($"too many declarations in {context}");
            }

            if (tokens.PeekNonSpace().Kind
                is not (GoTokenKind.Variable or GoTokenKind.RightDelimiter or GoTokenKind.RightParenthesis))
            {
                throw tokens.Fail("range can only initialize variables");
            }
        }

        return false;
    }

    private void Check(List<CommandNode> commands, string context)
    {
        if (commands.Count == 0)
        {
            throw tokens.Fail($"missing value for {context}");
        }

        var stage = commands.FindIndex(1, command => command.Operands[0] is ConstantNode or DotNode);
        if (stage > 0)
        {
            throw tokens.Fail($"non executable command in pipeline stage {stage + 1}");
        }
    }

    private CommandNode ParseCommand()
    {
        tokens.SkipSpace();
        var offset = tokens.Peek().Offset;
        var operands = new List<GoNode>();
        while (true)
        {
            tokens.SkipSpace();
            if (ParseOperand() is { } operand)
            {
                operands.Add(operand);
            }

            var mark = tokens.Mark();
            var token = tokens.Take();
            if (token.Kind == GoTokenKind.Space)
            {
                continue;
            }

            if (token.Kind is GoTokenKind.RightDelimiter or GoTokenKind.RightParenthesis)
            {
                tokens.Return(mark);
            }
            else if (token.Kind != GoTokenKind.Pipe)
            {
                throw tokens.Unexpected(token, "operand");
            }

            return operands.Count > 0 ? new CommandNode(offset, operands) : throw tokens.Fail("empty command");
        }
    }

    private GoNode? ParseOperand()
    {
        var node = ParseTerm();
        if (node is null || tokens.Peek().Kind != GoTokenKind.Field)
        {
            return node;
        }

        var offset = tokens.Peek().Offset;
        var fields = new List<string>();
        while (tokens.Peek().Kind == GoTokenKind.Field)
        {
            fields.Add(tokens.Take().Text[1..]);
        }

        return node switch
        {
            FieldNode field => new FieldNode(offset, [.. field.Names, .. fields]),
            VariableNode variable => new VariableNode(offset, [.. variable.Names, .. fields]),
            ConstantNode or DotNode => throw tokens.Fail($"unexpected . after term {GoText.Quote(node.ToString()!)}"),
            _ => new ChainNode(offset, node, fields),
        };
    }

    private GoNode? ParseTerm()
    {
        var mark = tokens.Mark();
        var token = tokens.TakeNonSpace();
        switch (token.Kind)
        {
            case GoTokenKind.Identifier:
                return FunctionTable.Has(token.Text)
                    ? new FunctionNode(token.Offset, token.Text)
                    : throw tokens.Fail($"function {GoText.Quote(token.Text)} not defined");
            case GoTokenKind.Dot:
                return new DotNode(token.Offset);
            case GoTokenKind.Nil:
                return new ConstantNode(token.Offset, token.Text, GoNil.Value);
            case GoTokenKind.Variable:
                return _variables.Contains(token.Text)
                    ? new VariableNode(token.Offset, [token.Text])
                    : throw tokens.Fail($"undefined variable {GoText.Quote(token.Text)}");
            case GoTokenKind.Field:
                return new FieldNode(token.Offset, [token.Text[1..]]);
            case GoTokenKind.Bool:
                return new ConstantNode(token.Offset, token.Text, GoBool.Of(token.Text == "true"));
            case GoTokenKind.Number or GoTokenKind.CharacterConstant:
                return ParseNumber(token);
            case GoTokenKind.QuotedString or GoTokenKind.RawString:
                return StringLiteral.TryUnquote(token.Text, out var text)
                    ? new ConstantNode(token.Offset, token.Text, new GoString(text))
                    : throw tokens.Fail("invalid syntax");
            case GoTokenKind.LeftParenthesis:
                return ParseParenthesized();
            default:
                tokens.Return(mark);
                return null;
        }
    }

    private ConstantNode ParseNumber(GoToken token)
    {
        var isNumber = token.Kind == GoTokenKind.Number
            ? NumberLiteral.TryParse(token.Text, out var value)
            : NumberLiteral.TryParseCharacter(token.Text, out value);
        return isNumber
            ? new ConstantNode(token.Offset, token.Text, value)
            : throw tokens.Fail($"malformed character constant: {token.Text}");
    }

    private PipeNode ParseParenthesized()
    {
        if (++_nesting > GoParser.NestingMax)
        {
            throw tokens.Fail("the template is nested too deeply");
        }

        var pipe = Parse("parenthesized pipeline", GoTokenKind.RightParenthesis);
        _nesting--;
        return pipe;
    }
}
