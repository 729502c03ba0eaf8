namespace Ollama.Platform.UnitTests.Prompting.Rendering.Families;

/// <summary>Ollama's names of renderers and parsers.</summary>
internal static class ChatNames
{
    public static readonly string[] Renderers =
    [
        "qwen3-coder", "qwen3-vl-instruct", "qwen3-vl-thinking", "qwen3.5", "qwen3.8", "ornith", "cogito",
        "deepseek3.1", "olmo3", "olmo3.1", "olmo3-think", "olmo3-32b-think", "nemotron-3-nano", "nemotron-3.5-nano",
        "gemma4", "gemma4-small", "gemma4-large", "functiongemma", "glm-4.7", "glm-ocr", "lfm2", "lfm2-thinking",
        "laguna", "poolside-v1", "cohere", "glimmer",
    ];

    public static readonly string[] Parsers =
    [
        "qwen3", "qwen3-thinking", "qwen3.5", "ornith", "qwen3-coder", "qwen3-vl-instruct", "qwen3-vl-thinking",
        "ministral", "passthrough", "harmony", "cogito", "deepseek3", "olmo3", "olmo3-think", "nemotron-3-nano",
        "nemotron-3.5-nano", "functiongemma", "glm-4.7", "gemma4", "gemma4-no-thinking", "glm-ocr", "lfm2",
        "lfm2-thinking", "laguna", "poolside-v1", "cohere", "glimmer",
    ];
}
