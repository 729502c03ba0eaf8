namespace Ollama.Platform.Prompting.Go.Nodes;

/// <summary>Looks through parsed templates.</summary>
internal static class NodeWalk
{
    /// <summary>
    /// Every name after a dot or a dollar sign in a node and below it; the dollar sign itself is one.
    /// </summary>
    public static IEnumerable<string> Names(GoNode? node) => node switch
    {
        FieldNode field => field.Names,
        VariableNode variable => variable.Names,
        ChainNode chain => Names(chain.Node).Concat(chain.Fields),
        _ => node is null ? [] : Children(node).SelectMany(Names),
    };

    /// <summary>The nodes right below a node, in the order of the source.</summary>
    public static IEnumerable<GoNode> Children(GoNode node)
    {
        switch (node)
        {
            case ListNode list:
                return list.Nodes;
            case ActionNode action:
                return [action.Pipe];
            case BranchNode branch:
                return branch.Otherwise is null ? [branch.Pipe, branch.Body]
                    : [branch.Pipe, branch.Body, branch.Otherwise];
            case TemplateNode { Pipe: { } pipe }:
                return [pipe];
            case PipeNode pipe:
                return pipe.Commands;
            case CommandNode command:
                return command.Operands;
            case ChainNode chain:
                return [chain.Node];
            default:
                return [];
        }
    }
}
