namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>How a collection prints.</summary>
internal enum GoNotation
{
    /// <summary>In Go's own notation: <c>[a b]</c>, <c>map[k:v]</c>, <c>{a b}</c>.</summary>
    Go = 0,

    /// <summary>As JSON.</summary>
    Json = 1,

    /// <summary>A list of one item prints as that item, also in JSON; an empty one as nothing.</summary>
    Single = 2,
}
