using Ollama.Platform.Prompting.Go.Library;
using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Prompting.Go.Runtime;

/// <summary>Walks the nodes of a template and writes its output.</summary>
internal sealed class GoExecution(GoRenderState state, IReadOnlyDictionary<string, ListNode> definitions)
{
    private readonly GoPipelines _pipelines = new(state);

    /// <summary>Executes a template with a value as its dot.</summary>
    public void Run(string name, ListNode body, GoValue dot)
    {
        var outer = state.Enter(name, dot);
        Walk(dot, body);
        state.Leave(outer);
    }

    private GoFlow Walk(GoValue dot, GoNode node)
    {
        state.At = node;
        state.Step();
        switch (node)
        {
            case TextNode text:
                state.Write(text.Text);
                return GoFlow.Next;
            case ActionNode action:
                Print(action, dot);
                return GoFlow.Next;
            case ListNode list:
                return WalkList(dot, list);
            case BranchNode { Kind: BranchKind.Range } range:
                WalkRange(dot, range);
                return GoFlow.Next;
            case BranchNode branch:
                return WalkBranch(dot, branch);
            case LoopControlNode control:
                return control.Leaves ? GoFlow.Break : GoFlow.Continue;
            case TemplateNode template:
                Call(dot, template);
                return GoFlow.Next;
            default:
                throw state.Fail($"unknown node: {node}");
        }
    }

    private void Print(ActionNode action, GoValue dot)
    {
        var value = _pipelines.Evaluate(dot, action.Pipe);
        if (action.Pipe.Variables.Count == 0)
        {
            state.Write(value switch
            {
                GoString text => text.Value,
                GoNil => "<no value>",
                _ => GoPrinter.Print(state, value),
            });
        }
    }

    private GoFlow WalkList(GoValue dot, ListNode list)
    {
        foreach (var node in list.Nodes)
        {
            if (Walk(dot, node) is var flow and not GoFlow.Next)
            {
                return flow;
            }
        }

        return GoFlow.Next;
    }

    private GoFlow WalkBranch(GoValue dot, BranchNode branch)
    {
        state.EnsureStack();
        var variables = state.VariableCount;
        var value = _pipelines.Evaluate(dot, branch.Pipe);
        var flow = GoFlow.Next;
        if (value.IsTrue)
        {
            flow = Walk(branch.Kind == BranchKind.With ? value : dot, branch.Body);
        }
        else if (branch.Otherwise is { } otherwise)
        {
            flow = Walk(dot, otherwise);
        }

        state.Forget(variables);
        return flow;
    }

    private void WalkRange(GoValue dot, BranchNode range)
    {
        state.EnsureStack();
        var variables = state.VariableCount;
        var value = _pipelines.Evaluate(dot, range.Pipe);
        var any = false;
        var inner = state.VariableCount;
        foreach (var (key, item) in Items(value))
        {
            any = true;
            SetVariables(range.Pipe, key, item);
            var flow = Walk(item, range.Body);
            state.Forget(inner);
            if (flow == GoFlow.Break)
            {
                break;
            }
        }

        if (!any && range.Otherwise is { } otherwise)
        {
            Walk(dot, otherwise);
        }

        state.Forget(variables);
    }

    private IEnumerable<(GoValue Key, GoValue Item)> Items(GoValue value) => value switch
    {
        GoList list => list.Items.Select((item, index) => ((GoValue)new GoInteger(index), item)),
        GoBytes bytes => Enumerable.Range(0, bytes.Value.Length)
            .Select(index => ((GoValue)new GoInteger(index), (GoValue)new GoInteger(bytes.Value.Span[index]))),
        GoMap map => map.Entries.Select(entry => ((GoValue)new GoString(entry.Key), entry.Value)),
        GoInteger number => Count(number.Value),
        GoNil => [],
        _ => throw state.Fail($"range can't iterate over {GoPrinter.Print(state, value)}"),
    };

    private static IEnumerable<(GoValue Key, GoValue Item)> Count(long end)
    {
        for (var i = 0L; i < end; i++)
        {
            var number = new GoInteger(i);
            yield return (number, number);
        }
    }

    /// <summary>Of two variables the first one gets the key; of one, the item.</summary>
    private void SetVariables(PipeNode pipe, GoValue key, GoValue item)
    {
        var names = pipe.Variables;
        if (names.Count == 0)
        {
            return;
        }

        if (!pipe.IsAssignment)
        {
            state.SetFromTop(1, item);
            if (names.Count > 1)
            {
                state.SetFromTop(2, key);
            }

            return;
        }

        state.Assign(names[0].Names[0], names.Count > 1 ? key : item);
        if (names.Count > 1)
        {
            state.Assign(names[1].Names[0], item);
        }
    }

    private void Call(GoValue dot, TemplateNode template)
    {
        if (!definitions.TryGetValue(template.Name, out var body))
        {
            throw state.Fail($"template {GoText.Quote(template.Name)} not defined");
        }

        var variables = state.VariableCount;
        var value = template.Pipe is null ? GoNil.Value : _pipelines.Evaluate(dot, template.Pipe);
        state.Forget(variables);
        Run(template.Name, body, value);
    }
}
