using Ollama.Platform.Prompting.Go.Nodes;

namespace Ollama.Platform.Prompting.Go.Chat;

/// <summary>
/// Finds the mark by which a template begins tool calls: the first text in the first branch that asks for
/// <c>.ToolCalls</c>, up to the first brace.
/// </summary>
internal static class CallTag
{
    /// <summary>The mark of templates that write nothing before the call's JSON.</summary>
    public const string Brace = "{";

    public static string Find(ListNode body)
    {
        var text = FindBranch(body) is { } branch ? FindText(branch.Body, out _) : null;
        var tag = (text ?? "").ReplaceLineEndings("\n");
        var brace = tag.IndexOf(Brace, StringComparison.Ordinal);
        tag = (brace < 0 ? tag : tag[..brace]).Trim();
        return tag.Length > 0 ? tag : Brace;
    }

    private static BranchNode? FindBranch(GoNode node) =>
        node is BranchNode { Kind: BranchKind.If } branch && NodeWalk.Names(branch.Pipe).Contains("ToolCalls")
            ? branch
            : NodeWalk.Children(node).Select(FindBranch).FirstOrDefault(found => found is not null);

    /// <summary>The first text before any action.</summary>
    private static string? FindText(ListNode list, out bool isOver)
    {
        isOver = false;
        foreach (var node in list.Nodes)
        {
            switch (node)
            {
                case TextNode text when !string.IsNullOrWhiteSpace(text.Text):
                    return text.Text;
                case ActionNode or TemplateNode:
                    isOver = true;
                    return null;
                case BranchNode branch:
                    var found = FindText(branch.Body, out isOver);
                    if (found is null && !isOver && branch.Otherwise is { } otherwise)
                    {
                        found = FindText(otherwise, out isOver);
                    }

                    if (found is not null || isOver)
                    {
                        return found;
                    }

                    break;
            }
        }

        return null;
    }
}
