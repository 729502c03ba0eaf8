using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>
/// Builds expressions by precedence climbing. Filters and tests bind tighter than every binary operator.
/// </summary>
internal sealed class ExpressionParser(TokenReader reader, NameTable names)
{
    private const int OrLevel = 1;
    private const int AndLevel = 2;
    private const int NotLevel = 3;
    private const int ComparisonLevel = 4;
    private const int AdditionLevel = 5;
    private const int ConcatenationLevel = 6;
    private const int MultiplicationLevel = 7;
    private const int PowerLevel = 8;

    /// <summary>
    /// Parses one expression; a conditional one unless the caller gives <c>if</c> a meaning of its own.
    /// </summary>
    public IExpression Parse(bool conditional = true)
    {
        reader.Enter();
        var value = ParseBinary(OrLevel);
        while (conditional && reader.Current.IsName("if"))
        {
            var position = reader.Read().Position;
            var condition = ParseBinary(OrLevel);
            var otherwise = reader.SkipName("else") ? Parse() : null;
            value = new ConditionalExpression(position, condition, value, otherwise);
        }

        reader.Leave();
        return value;
    }

    /// <summary>Parses one expression, or several with commas between them as a tuple.</summary>
    public IExpression ParseTuple(bool conditional = true, bool mayBeEmpty = false)
    {
        var position = reader.Current.Position;
        if (mayBeEmpty && AtTupleEnd())
        {
            return new SequenceExpression(position, [], isTuple: true);
        }

        var first = Parse(conditional);
        if (!reader.Current.IsOperator(","))
        {
            return first;
        }

        List<IExpression> items = [first];
        while (reader.SkipOperator(",") && !AtTupleEnd())
        {
            items.Add(Parse(conditional));
        }

        return new SequenceExpression(position, items, isTuple: true);
    }

    /// <summary>Parses <c>name</c> or <c>name(arguments)</c> after a pipe or the word <c>filter</c>.</summary>
    public FilterCall ParseFilter()
    {
        var token = reader.Expect(TokenKind.Name, "a filter name");
        var name = ParseDottedName(token);
        var arguments = reader.Current.IsOperator("(") ? ParseArguments() : ArgumentList.Empty;
        return new FilterCall(token.Position, name, arguments);
    }

    /// <summary>Parses arguments in parentheses.</summary>
    public ArgumentList ParseArguments() => new ArgumentParser(reader, this).Parse();

    private bool AtTupleEnd() =>
        reader.Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd or TokenKind.End
        || reader.Current.IsOperator(")");

    private IExpression ParseBinary(int level)
    {
        var left = level <= NotLevel && reader.Current.IsName("not") ? ParseNot() : ParseUnary(withFilters: true);
        while (true)
        {
            var found = LevelOf(reader.Current);
            if (found == 0 || found < level)
            {
                return left;
            }

            left = found switch
            {
                ComparisonLevel => ParseComparison(left),
                ConcatenationLevel => ParseConcatenation(left),
                _ => ParseOperation(left, found),
            };
        }
    }

    private int LevelOf(Token token)
    {
        if (token.Kind == TokenKind.Name)
        {
            return token.Text switch
            {
                "or" => OrLevel,
                "and" => AndLevel,
                "in" => ComparisonLevel,
                "not" when reader.Following.IsName("in") => ComparisonLevel,
                _ => 0,
            };
        }

        return token.Kind != TokenKind.Operator ? 0 : token.Text switch
        {
            "==" or "!=" or "<" or "<=" or ">" or ">=" => ComparisonLevel,
            "+" or "-" => AdditionLevel,
            "~" => ConcatenationLevel,
            "*" or "/" or "//" or "%" => MultiplicationLevel,
            "**" => PowerLevel,
            _ => 0,
        };
    }

    private LogicalNotExpression ParseNot()
    {
        reader.Enter();
        var position = reader.Read().Position;
        var operand = ParseBinary(NotLevel);
        reader.Leave();
        return new LogicalNotExpression(position, operand);
    }

    private IExpression ParseOperation(IExpression left, int level)
    {
        var token = reader.Read();
        var right = ParseBinary(level + 1);
        return level <= AndLevel
            ? new LogicalExpression(token.Position, level == AndLevel, left, right)
            : new ArithmeticExpression(token.Position, ArithmeticOperators.Parse(token.Text), left, right);
    }

    private ConcatenationExpression ParseConcatenation(IExpression left)
    {
        var position = reader.Current.Position;
        List<IExpression> parts = [left];
        while (reader.SkipOperator("~"))
        {
            parts.Add(ParseBinary(MultiplicationLevel));
        }

        return new ConcatenationExpression(position, parts);
    }

    private ComparisonExpression ParseComparison(IExpression first)
    {
        var position = reader.Current.Position;
        List<ComparisonOperand> operands = [];
        while (LevelOf(reader.Current) == ComparisonLevel)
        {
            var token = reader.Read();
            var relation = token.Text switch
            {
                "==" => Relation.Equal,
                "!=" => Relation.NotEqual,
                "<" => Relation.Less,
                "<=" => Relation.LessOrEqual,
                ">" => Relation.Greater,
                ">=" => Relation.GreaterOrEqual,
                "in" => Relation.In,
                _ => Relation.NotIn,
            };
            if (relation == Relation.NotIn)
            {
                reader.Read();
            }

            operands.Add(new ComparisonOperand(token.Position, relation, ParseBinary(AdditionLevel)));
        }

        return new ComparisonExpression(position, first, operands);
    }

    private IExpression ParseUnary(bool withFilters)
    {
        var token = reader.Current;
        IExpression value;
        if (token.IsOperator("-") || token.IsOperator("+"))
        {
            reader.Enter();
            reader.Read();
            value = new SignExpression(token.Position, token.Text == "-", ParseUnary(withFilters: false));
            reader.Leave();
        }
        else
        {
            value = ParsePrimary();
        }

        value = ParsePostfix(value);
        return withFilters ? ParseFiltersAndTests(value) : value;
    }

    private IExpression ParsePrimary()
    {
        var token = reader.Read();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return ParseName(token);
            case TokenKind.String:
                return new ConstantExpression(token.Position, JinjaValue.From(ReadAdjacentStrings(token)));
            case TokenKind.Integer:
                return new ConstantExpression(token.Position, ParseInteger(token));
            case TokenKind.Float:
                return new ConstantExpression(token.Position, ParseFloat(token));
            case TokenKind.Operator when token.Text == "(":
                var inner = ParseTuple(mayBeEmpty: true);
                reader.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return ParseList(token.Position);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(token.Position);
            default:
                throw TokenReader.Fail($"expected an expression but found {token.Describe()}", token);
        }
    }

    /// <summary>String literals next to each other are one, as in Python.</summary>
    private string ReadAdjacentStrings(Token first)
    {
        if (reader.Current.Kind != TokenKind.String)
        {
            return first.Text;
        }

        var text = new StringBuilder(first.Text);
        while (reader.Current.Kind == TokenKind.String)
        {
            text.Append(reader.Read().Text);
        }

        return text.ToString();
    }

    private IExpression ParseName(Token token) => token.Text switch
    {
        "true" or "True" => new ConstantExpression(token.Position, JinjaValue.True),
        "false" or "False" => new ConstantExpression(token.Position, JinjaValue.False),
        "none" or "None" => new ConstantExpression(token.Position, JinjaValue.None),
        "and" or "or" or "not" or "in" or "is" or "if" or "else" =>
            throw TokenReader.Fail($"expected an expression but found '{token.Text}'", token),
        _ => new NameExpression(token.Position, names.Use(token.Text), token.Text),
    };

    private static JinjaValue ParseInteger(Token token) =>
        NumberText.TryParseInteger(token.Text, 0, out var value)
            ? JinjaValue.From(value)
            : throw TokenReader.Fail($"the number {token.Text} does not fit in 64 bits", token);

    private static JinjaValue ParseFloat(Token token)
    {
        var digits = token.Text.Replace("_", string.Empty, StringComparison.Ordinal);
        return JinjaValue.From(double.Parse(digits, CultureInfo.InvariantCulture));
    }

    private SequenceExpression ParseList(SourcePosition position)
    {
        List<IExpression> items = [];
        while (!reader.Current.IsOperator("]"))
        {
            items.Add(Parse());
            if (!reader.SkipOperator(","))
            {
                break;
            }
        }

        reader.ExpectOperator("]");
        return new SequenceExpression(position, items, isTuple: false);
    }

    private DictExpression ParseDict(SourcePosition position)
    {
        List<KeyValuePair<IExpression, IExpression>> entries = [];
        while (!reader.Current.IsOperator("}"))
        {
            var key = Parse();
            reader.ExpectOperator(":");
            entries.Add(new(key, Parse()));
            if (!reader.SkipOperator(","))
            {
                break;
            }
        }

        reader.ExpectOperator("}");
        return new DictExpression(position, entries);
    }

    private IExpression ParsePostfix(IExpression value)
    {
        while (true)
        {
            if (reader.SkipOperator("."))
            {
                var member = reader.Read();
                value = member.Kind switch
                {
                    TokenKind.Name => new MemberExpression(member.Position, value, member.Text),
                    TokenKind.Integer => new ItemExpression(
                        member.Position, value, new ConstantExpression(member.Position, ParseInteger(member))),
                    _ => throw TokenReader.Fail($"expected a member name but found {member.Describe()}", member),
                };
            }
            else if (reader.Current.IsOperator("["))
            {
                value = new SubscriptParser(reader, this).Parse(value);
            }
            else if (reader.Current.IsOperator("("))
            {
                value = new CallExpression(value.Position, value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private IExpression ParseFiltersAndTests(IExpression value)
    {
        while (true)
        {
            if (reader.SkipOperator("|"))
            {
                value = new FilterExpression(value, ParseFilter());
            }
            else if (reader.Current.IsName("is"))
            {
                reader.Read();
                value = ParseTest(value);
            }
            else if (reader.Current.IsOperator("("))
            {
                value = new CallExpression(value.Position, value, ParseArguments());
            }
            else
            {
                return value;
            }
        }
    }

    private TestExpression ParseTest(IExpression value)
    {
        var negated = reader.SkipName("not");
        var token = reader.Expect(TokenKind.Name, "a test name");
        var name = ParseDottedName(token);
        var arguments = ArgumentList.Empty;
        if (reader.Current.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (StartsTestArgument(reader.Current))
        {
            arguments = ArgumentList.Of(ParsePostfix(ParsePrimary()));
        }

        return new TestExpression(token.Position, value, name, arguments, negated);
    }

    private static bool StartsTestArgument(Token token) => token.Kind switch
    {
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        TokenKind.Operator => token.Text is "[" or "{",
        TokenKind.Name => token.Text is not ("else" or "or" or "and" or "if" or "in" or "not" or "is" or "recursive"),
        _ => false,
    };

    private string ParseDottedName(Token first)
    {
        List<string> parts = [first.Text];
        while (reader.SkipOperator("."))
        {
            parts.Add(reader.Expect(TokenKind.Name, "a name").Text);
        }

        return string.Join('.', parts);
    }
}
