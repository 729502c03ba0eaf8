namespace Ollama.Platform.Benchmarks.Api;

/// <summary>How a dialect is asked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its route for chats.</param>
/// <param name="Extra">Fields that it wants beside the common ones.</param>
/// <param name="Conversation">The field that holds the messages.</param>
internal sealed record ApiDialect(string Name, string Path, string Extra, string Conversation = "messages")
{
    /// <summary>Those that are measured.</summary>
    public static IReadOnlyList<ApiDialect> All { get; } =
    [
        new("Ollama", "/api/chat", ""),
        new("OpenAI", "/v1/chat/completions", ""),
        new("Responses", "/v1/responses", "", "input"),
        new("Anthropic", "/v1/messages", "\"max_tokens\":99,"),
    ];

    /// <summary>A request.</summary>
    public string Body(string script, bool isStream) =>
        $$"""
        {"model":"tiny-chat",{{Extra}}"stream":{{(isStream ? "true" : "false")}},
        "{{Conversation}}":[{"role":"user","content":"{{script}}"}]}
        """;
}
