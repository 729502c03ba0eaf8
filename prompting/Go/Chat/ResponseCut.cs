using Ollama.Platform.Prompting.Go.Nodes;

namespace Ollama.Platform.Prompting.Go.Chat;

/// <summary>Takes away what a template writes behind the answer: the model is still to write it.</summary>
internal static class ResponseCut
{
    private const string Response = "Response";

    /// <summary>The nodes up to the first action that prints the answer.</summary>
    public static ListNode After(ListNode list) => Cut(list, out _);

    private static ListNode Cut(ListNode list, out bool isCut)
    {
        var kept = new List<GoNode>();
        foreach (var node in list.Nodes)
        {
            kept.Add(Cut(node, out isCut));
            if (isCut)
            {
                return new ListNode(list.Offset, kept);
            }
        }

        isCut = false;
        return list;
    }

    private static GoNode Cut(GoNode node, out bool isCut)
    {
        isCut = node is ActionNode && NodeWalk.Names(node).Contains(Response);
        if (node is not BranchNode branch)
        {
            return node;
        }

        // Whichever branch is taken, what follows the answer in it and behind it is gone.
        var body = Cut(branch.Body, out isCut);
        var isOtherwiseCut = false;
        var otherwise = branch.Otherwise is { } list ? Cut(list, out isOtherwiseCut) : null;
        isCut |= isOtherwiseCut;
        return isCut ? new BranchNode(branch.Kind, branch.Offset, branch.Pipe, body, otherwise) : branch;
    }
}
