namespace Ollama.Platform.Api.Routing;

/// <summary>The kinds of routes, as far as they word refusals differently.</summary>
internal enum RouteKind
{
    /// <summary>Routes that name no model.</summary>
    Plain,

    /// <summary><c>/api/generate</c>.</summary>
    Generate,

    /// <summary><c>/api/chat</c>.</summary>
    Chat,

    /// <summary><c>/v1/messages</c> and what belongs to it.</summary>
    Messages,

    /// <summary><c>/v1/responses</c>.</summary>
    Responses,

    /// <summary><c>/api/embed</c>.</summary>
    Embed,

    /// <summary><c>/api/embeddings</c>.</summary>
    Embeddings,

    /// <summary><c>/api/rerank</c> and <c>/v1/rerank</c>.</summary>
    Rerank,

    /// <summary><c>/api/tokenize</c> and <c>/api/detokenize</c>.</summary>
    Tokenize,

    /// <summary><c>/api/show</c>.</summary>
    Show,

    /// <summary><c>/api/copy</c>.</summary>
    Copy,

    /// <summary><c>/api/delete</c>.</summary>
    Delete,

    /// <summary><c>/api/create</c>.</summary>
    Create,

    /// <summary><c>/api/pull</c>.</summary>
    Pull,

    /// <summary><c>/api/push</c>.</summary>
    Push,
}
