using System.Globalization;
using Ollama.Platform.Prompting.Rendering.Families;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>The renderers that a model's config can name.</summary>
internal static class BuiltInRenderers
{
    private const string Gemma4 = "gemma4";
    private const string Gemma4Small = "gemma4-small";
    private const string Gemma4Large = "gemma4-large";
    private const double Gemma4LargeBillions = 12;

    private static readonly string[] SmallMarks = ["e2b", "e4b"];
    private static readonly string[] LargeMarks = ["12b", "26b", "31b"];

    private static readonly Dictionary<string, IPromptRenderer> Renderers = new(StringComparer.Ordinal)
    {
        ["qwen3-coder"] = new Qwen3CoderRenderer(),
        ["qwen3-vl-instruct"] = new Qwen3VlRenderer(thinksUnasked: false),
        ["qwen3-vl-thinking"] = new Qwen3VlRenderer(thinksUnasked: true),
        ["qwen3.5"] = new Qwen35Renderer(keepsReasoning: false),
        ["qwen3.8"] = new Qwen35Renderer(keepsReasoning: true, hasEffort: true),
        ["ornith"] = new Qwen35Renderer(keepsReasoning: true),
        ["nemotron-3-nano"] = new NemotronRenderer(isLater: false),
        ["nemotron-3.5-nano"] = new NemotronRenderer(isLater: true),
        ["deepseek3.1"] = new DeepSeek31Renderer(),
        ["cogito"] = new CogitoRenderer(),
        ["olmo3"] = new Olmo3Renderer("You are OLMo, a helpful assistant.", thinks: false),
        ["olmo3.1"] = new Olmo3Renderer("You are OLMo 3.1, a helpful assistant.", thinks: false),
        ["olmo3-think"] = new Olmo3Renderer("You are OLMo, a helpful assistant that reasons.", thinks: true),
        ["olmo3-32b-think"] = new Olmo3Renderer("You are a helpful assistant that reasons.", thinks: true),
        [Gemma4Small] = new Gemma4Renderer(isLarge: false),
        [Gemma4Large] = new Gemma4Renderer(isLarge: true),
        ["functiongemma"] = new FunctionGemmaRenderer(),
        ["glm-4.7"] = new GlmRenderer(breaksLines: false),
        ["glm-ocr"] = new GlmRenderer(breaksLines: true),
        ["lfm2"] = new Lfm2Renderer(thinks: false),
        ["lfm2-thinking"] = new Lfm2Renderer(thinks: true),
        ["laguna"] = new LagunaRenderer(isLater: false),
        ["poolside-v1"] = new LagunaRenderer(isLater: true),
        ["cohere"] = new CohereRenderer(),
        ["glimmer"] = new GlimmerRenderer(),
    };

    /// <summary>Every name.</summary>
    public static IReadOnlyCollection<string> Names => [Gemma4, .. Renderers.Keys];

    /// <summary>The renderer of that name; null when there is none.</summary>
    /// <param name="name">The name in the model's config.</param>
    /// <param name="model">The model's own name, which may say its size.</param>
    /// <param name="parameterSize">Its parameters, e.g. <c>8.0B</c>.</param>
    public static IPromptRenderer? Find(string name, string model, string parameterSize) =>
        Renderers.GetValueOrDefault(
            name != Gemma4 ? name : IsLarge(model, parameterSize) ? Gemma4Large : Gemma4Small);

    private static bool IsLarge(string model, string parameterSize)
    {
        bool Says(string mark) => model.Contains(mark, StringComparison.OrdinalIgnoreCase);
        return !SmallMarks.Any(Says)
            && (LargeMarks.Any(Says)
                || (parameterSize.EndsWith('B')
                    && double.TryParse(parameterSize.AsSpan(..^1), CultureInfo.InvariantCulture, out var billions)
                    && billions >= Gemma4LargeBillions));
    }
}
