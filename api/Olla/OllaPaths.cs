using System.Collections.Frozen;

namespace Ollama.Platform.Api.Olla;

/// <summary>
/// Which of the server's own paths a path under <c>/olla</c> means. Olla has a prefix for each kind of server that it
/// stands in front of; here one server answers for all of them.
/// </summary>
internal static class OllaPaths
{
    /// <summary>What all of them begin with.</summary>
    public const string Root = "/olla";

    /// <summary>The list of models over all prefixes, a route of its own.</summary>
    public const string Models = "/models";

    private const string Anthropic = "anthropic";

    private static readonly FrozenSet<string> Providers = new[]
    {
        "ollama", "openai", "openai-compatible", Anthropic, "proxy", "vllm", "sglang", "llamacpp", "llama-cpp",
        "llama_cpp", "lmstudio", "lm-studio", "lm_studio", "lemonade", "litellm",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The exchange that a path begins; null for a prefix that nobody knows.</summary>
    /// <param name="rest">What follows <see cref="Root"/>, with its slash.</param>
    public static OllaExchange? Resolve(string rest)
    {
        if (rest.Length < 2)
        {
            return null;
        }

        var slash = rest.IndexOf('/', 1);
        var provider = slash < 0 ? rest[1..] : rest[1..slash];
        return Providers.Contains(provider)
            ? new OllaExchange($"{Root}/{provider}", ToOwn(slash < 0 ? "/" : rest[slash..]), provider == Anthropic)
            : null;
    }

    private static string ToOwn(string path) => path switch
    {
        "/api/list" => "/api/ps",
        // LM Studio and Lemonade have OpenAI's routes here, too.
        _ when path.StartsWith("/api/v1/", StringComparison.Ordinal) => path["/api".Length..],
        _ => path,
    };
}
