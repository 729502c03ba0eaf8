using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Which models can be converted, by the class that they were made with.</summary>
internal static class Architectures
{
    /// <summary>The layout for a config.</summary>
    /// <exception cref="ConversionException">It is unknown or none is named; the words are Ollama's.</exception>
    public static ArchitectureLayout Find(Hyperparameters config)
    {
        if (config.Architectures is not [var name, ..])
        {
            throw new ConversionException("unknown architecture");
        }

        return name switch
        {
            "LlamaForCausalLM" or "LLaMAForCausalLM" or "MistralForCausalLM" or "MixtralForCausalLM" or "LlamaModel"
                or "MistralModel" => new LlamaLayout(config),
            "Qwen2ForCausalLM" or "Qwen2Model" => new QwenLayout("qwen2", config),
            "Qwen2MoeForCausalLM" => new QwenLayout("qwen2moe", config),
            "Qwen3ForCausalLM" or "Qwen3Model" => new QwenLayout("qwen3", config),
            "Qwen3MoeForCausalLM" => new QwenLayout("qwen3moe", config),
            "GemmaForCausalLM" => new GemmaLayout("gemma", config),
            "Gemma2ForCausalLM" => new GemmaLayout("gemma2", config),
            "Gemma3ForCausalLM" or "Gemma3ForConditionalGeneration" => new GemmaLayout("gemma3", config),
            "Phi3ForCausalLM" => new PhiLayout(config),
            "BertModel" or "BertForMaskedLM" => new BertLayout(config),
            "NomicBertModel" => new NomicBertLayout(config),
            _ => throw new ConversionException($"unsupported architecture \"{name}\""),
        };
    }

    /// <summary>The layout of weights that are GGUF already, with what names and rows depend on.</summary>
    /// <exception cref="ConversionException">Adapters for the architecture cannot be converted.</exception>
    public static ArchitectureLayout Of(GgufFile weights)
    {
        var name = weights.Architecture;
        var numbers = new JsonObject();
        foreach (var (key, value) in new[]
        {
            ("num_hidden_layers", "block_count"), ("num_attention_heads", "attention.head_count"),
            ("num_key_value_heads", "attention.head_count_kv"), ("num_local_experts", "expert_count"),
        })
        {
            if (weights.FindInteger($"{name}.{value}") is { } number)
            {
                numbers[key] = number;
            }
        }

        var config = new Hyperparameters(JsonDocument.Parse(numbers.ToJsonString()).RootElement);
        return name switch
        {
            "llama" => new LlamaLayout(config),
            "qwen2" or "qwen3" or "qwen2moe" or "qwen3moe" => new QwenLayout(name, config),
            "gemma" or "gemma2" or "gemma3" => new GemmaLayout(name, config),
            "phi3" => new PhiLayout(config),
            _ => throw new ConversionException($"unsupported architecture \"{name}\""),
        };
    }
}
