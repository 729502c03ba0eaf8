using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Statements;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Parses what is assigned to: names, tuples of them, members of namespaces.</summary>
internal sealed class TargetParser(TokenReader reader, NameTable names)
{
    /// <summary>Parses one target, or several with commas between them.</summary>
    public ITarget Parse(bool withMembers = false)
    {
        var position = reader.Current.Position;
        var first = ParseOne(withMembers);
        if (!reader.Current.IsOperator(","))
        {
            return first;
        }

        List<ITarget> targets = [first];
        while (reader.SkipOperator(",") && (reader.Current.Kind == TokenKind.Name || reader.Current.IsOperator("(")))
        {
            if (reader.Current.IsName("in"))
            {
                break;
            }

            targets.Add(ParseOne(withMembers));
        }

        return new TupleTarget(position, targets);
    }

    public ITarget ParseOne(bool withMembers)
    {
        if (reader.SkipOperator("("))
        {
            reader.Enter();
            var inner = Parse(withMembers);
            reader.ExpectOperator(")");
            reader.Leave();
            return inner;
        }

        var name = reader.Expect(TokenKind.Name, "a name to assign");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None" or "not" or "and" or "or" or "in")
        {
            throw TokenReader.Fail($"'{name.Text}' cannot be assigned", name);
        }

        if (!withMembers || !reader.SkipOperator("."))
        {
            return new NameTarget(names.Number(name.Text));
        }

        var member = reader.Expect(TokenKind.Name, "a member name");
        var owner = new NameExpression(name.Position, names.Use(name.Text), name.Text);
        return new MemberTarget(member.Position, owner, member.Text);
    }
}
