using Ollama.Platform.Prompting.Go.Nodes;

namespace Ollama.Platform.Prompting.Go.Chat;

/// <summary>
/// Finds the marks around reasoning: the texts at both ends of the innermost list in which a loop over the messages
/// names <c>.Thinking</c>. The last place that has them counts.
/// </summary>
internal sealed class ThinkingTags
{
    private string _open = "";
    private string _close = "";

    private ThinkingTags()
    {
    }

    /// <summary>The marks; null when the template sets no reasoning apart.</summary>
    public static (string Open, string Close)? Find(ListNode body)
    {
        var tags = new ThinkingTags();
        tags.Walk(body, body, isInMessages: false);
        return tags._open.Length > 0 && tags._close.Length > 0 ? (tags._open, tags._close) : null;
    }

    private void Walk(GoNode node, ListNode list, bool isInMessages)
    {
        if (node is FieldNode { Names: ["Thinking", ..] } && isInMessages)
        {
            _open = list.Nodes[0] is TextNode first ? first.Text.Trim() : _open;
            _close = list.Nodes[^1] is TextNode last ? last.Text.Trim() : _close;
        }

        if (node is BranchNode { Kind: BranchKind.Range } range)
        {
            isInMessages = NodeWalk.Names(range.Pipe).Contains("Messages");
        }

        foreach (var child in NodeWalk.Children(node))
        {
            Walk(child, child as ListNode ?? list, isInMessages);
        }
    }
}
