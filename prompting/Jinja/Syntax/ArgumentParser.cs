using Ollama.Platform.Prompting.Jinja.Expressions;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Parses the arguments of a call: positional, named, and spread with one or two stars.</summary>
internal sealed class ArgumentParser(TokenReader reader, ExpressionParser expressions)
{
    private readonly List<IExpression> _positional = [];
    private readonly List<KeyValuePair<string, IExpression>> _named = [];
    private IExpression? _spreadList;
    private IExpression? _spreadDict;

    public ArgumentList Parse()
    {
        reader.ExpectOperator("(");
        while (!reader.Current.IsOperator(")"))
        {
            ParseOne();
            if (!reader.SkipOperator(","))
            {
                break;
            }
        }

        reader.ExpectOperator(")");
        return new ArgumentList([.. _positional], [.. _named], _spreadList, _spreadDict);
    }

    private void ParseOne()
    {
        var token = reader.Current;
        if (reader.SkipOperator("*"))
        {
            Refuse(_spreadList is not null || _spreadDict is not null, token);
            _spreadList = expressions.Parse();
        }
        else if (reader.SkipOperator("**"))
        {
            Refuse(_spreadDict is not null, token);
            _spreadDict = expressions.Parse();
        }
        else if (token.Kind == TokenKind.Name && reader.Following.IsOperator("="))
        {
            Refuse(_spreadDict is not null, token);
            reader.Read();
            reader.Read();
            _named.Add(new(token.Text, expressions.Parse()));
        }
        else
        {
            Refuse(_named.Count > 0 || _spreadList is not null || _spreadDict is not null, token);
            _positional.Add(expressions.Parse());
        }
    }

    private static void Refuse(bool misplaced, Token token)
    {
        if (misplaced)
        {
            throw TokenReader.Fail("this argument may not come after the ones before it", token);
        }
    }
}
