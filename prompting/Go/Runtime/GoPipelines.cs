using Ollama.Platform.Prompting.Go.Library;
using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Runtime;

/// <summary>Computes the values of pipelines.</summary>
internal sealed class GoPipelines(GoRenderState state)
{
    /// <summary>Computes a pipeline and sets its variables.</summary>
    public GoValue Evaluate(GoValue dot, PipeNode pipe)
    {
        state.At = pipe;
        state.Step();
        GoValue? value = null;
        foreach (var command in pipe.Commands)
        {
            value = EvaluateCommand(dot, command, value);
        }

        foreach (var variable in pipe.Variables)
        {
            if (pipe.IsAssignment)
            {
                state.Assign(variable.Names[0], value!);
            }
            else
            {
                state.Declare(variable.Names[0], value!);
            }
        }

        return value!;
    }

    /// <param name="dot">The dot.</param>
    /// <param name="command">The command.</param>
    /// <param name="final">The value of the command before it; null for the first.</param>
    private GoValue EvaluateCommand(GoValue dot, CommandNode command, GoValue? final)
    {
        var first = command.Operands[0];
        switch (first)
        {
            case FieldNode field:
                state.At = field;
                return FollowFields(dot, field.Names, command.Operands, final);
            case VariableNode variable:
                return EvaluateVariable(variable, command.Operands, final);
            case ChainNode chain:
                return EvaluateChain(dot, chain, command.Operands, final);
            case FunctionNode function:
                return Call(dot, function, command, command.Operands, final);
        }

        state.At = first;
        RefuseArguments(first, command.Operands.Count > 1 || final is not null);
        return first switch
        {
            PipeNode pipe => EvaluateNested(dot, pipe),
            DotNode => dot,
            ConstantNode { Value: GoNil } => throw state.Fail("nil is not a command"),
            ConstantNode constant => constant.Value,
            _ => throw state.Fail($"can't evaluate command {first}"),
        };
    }

    private void RefuseArguments(GoNode node, bool hasArguments)
    {
        if (hasArguments)
        {
            throw state.Fail($"can't give argument to non-function {node}");
        }
    }

    private GoValue EvaluateNested(GoValue dot, PipeNode pipe)
    {
        state.EnsureStack();
        return Evaluate(dot, pipe);
    }

    private GoValue EvaluateVariable(VariableNode variable, IReadOnlyList<GoNode> operands, GoValue? final)
    {
        state.At = variable;
        var value = state.Get(variable.Names[0]);
        if (variable.Names.Count > 1)
        {
            return FollowFields(value, variable.Names.Skip(1), operands, final);
        }

        RefuseArguments(variable, operands.Count > 1 || final is not null);
        return value;
    }

    private GoValue EvaluateChain(GoValue dot, ChainNode chain, IReadOnlyList<GoNode> operands, GoValue? final)
    {
        state.At = chain;
        var value = EvaluateArgument(dot, chain.Node);
        return FollowFields(value, chain.Fields, operands, final);
    }

    private GoValue FollowFields(
        GoValue value, IEnumerable<string> names, IReadOnlyList<GoNode> operands, GoValue? final)
    {
        var hasArguments = operands.Count > 1 || final is not null;
        var isFirst = true;
        foreach (var name in names)
        {
            value = value is GoNil && !isFirst
                ? throw state.Fail($"nil pointer evaluating interface {{}}.{name}")
                : FieldAccess.Get(state, value, name, hasArguments);
            isFirst = false;
        }

        return value;
    }

    private GoValue EvaluateArgument(GoValue dot, GoNode node)
    {
        state.At = node;
        state.Step();
        return node switch
        {
            DotNode => dot,
            ConstantNode constant => constant.Value,
            FieldNode field => FollowFields(dot, field.Names, [field], null),
            VariableNode variable => EvaluateVariable(variable, [variable], null),
            PipeNode pipe => EvaluateNested(dot, pipe),
            FunctionNode function => Call(dot, function, function, [function], null),
            ChainNode chain => EvaluateChain(dot, chain, [chain], null),
            _ => throw state.Fail($"can't handle {node}"),
        };
    }

    private GoValue Call(
        GoValue dot, FunctionNode name, GoNode call, IReadOnlyList<GoNode> operands, GoValue? final)
    {
        state.At = name;
        var function = FunctionTable.Find(name.Name);
        var count = operands.Count - 1 + (final is null ? 0 : 1);
        if (function.IsVariadic ? count < function.ParameterCount : count != function.ParameterCount)
        {
            var least = function.IsVariadic ? "at least " : "";
            throw state.Fail(
                $"wrong number of args for {name.Name}: want {least}{function.ParameterCount} got {count}");
        }

        if (function.ShortCircuitsOn is { } decisive)
        {
            return Decide(dot, operands, final, decisive);
        }

        var arguments = new GoValue[count];
        for (var i = 1; i < operands.Count; i++)
        {
            arguments[i - 1] = EvaluateArgument(dot, operands[i]);
            if (i == 1 && function.BeginsWithText)
            {
                RequireText(arguments[0], operands[1]);
            }
        }

        if (final is not null)
        {
            arguments[^1] = final;
            if (count == 1 && function.BeginsWithText)
            {
                RequireText(final, null);
            }
        }

        state.At = call;
        return function.Body(new GoCall(state, name.Name), arguments);
    }

    /// <summary>The first value that decides, without looking at the others; or else the last one.</summary>
    private GoValue Decide(GoValue dot, IReadOnlyList<GoNode> operands, GoValue? final, bool decisive)
    {
        GoValue value = GoNil.Value;
        foreach (var operand in operands.Skip(1))
        {
            value = EvaluateArgument(dot, operand);
            if (value.IsTrue == decisive)
            {
                return value;
            }
        }

        return final ?? value;
    }

    private void RequireText(GoValue value, GoNode? operand)
    {
        if (value is not GoString)
        {
            throw state.Fail(
                operand is ConstantNode ? $"expected string; found {operand}"
                : value is GoNil ? "invalid value; expected string"
                : $"wrong type for value; expected string; got {value.TypeName}");
        }
    }
}
