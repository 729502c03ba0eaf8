using Ollama.Platform.Prompting.Jinja.Expressions;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Parses what stands in square brackets behind a value: an item or a slice.</summary>
internal sealed class SubscriptParser(TokenReader reader, ExpressionParser expressions)
{
    public IExpression Parse(IExpression target)
    {
        var position = reader.ExpectOperator("[").Position;
        var start = AtPartEnd() ? null : expressions.Parse();
        if (!reader.Current.IsOperator(":"))
        {
            var item = ParseItem(start);
            reader.ExpectOperator("]");
            return new ItemExpression(position, target, item);
        }

        reader.Read();
        var stop = AtPartEnd() ? null : expressions.Parse();
        var step = reader.SkipOperator(":") && !AtPartEnd() ? expressions.Parse() : null;
        reader.ExpectOperator("]");
        return new SliceExpression(position, target, start, stop, step);
    }

    private IExpression ParseItem(IExpression? first)
    {
        if (first is null)
        {
            throw reader.Unexpected("an expression");
        }

        if (!reader.Current.IsOperator(","))
        {
            return first;
        }

        List<IExpression> items = [first];
        while (reader.SkipOperator(","))
        {
            items.Add(expressions.Parse());
        }

        return new SequenceExpression(first.Position, items, isTuple: true);
    }

    private bool AtPartEnd() => reader.Current.IsOperator(":") || reader.Current.IsOperator("]");
}
