using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Ollama.Specification;

/// <summary>The options of a run and of loading. It is the models that read and refuse them.</summary>
internal static class OptionSchemas
{
    private static readonly (string Name, string About)[] WholeNumbers =
    [
        ("num_ctx", "Tokens that a sequence may occupy."),
        ("num_batch", "Tokens that are computed at once."),
        ("num_gpu", "Layers on GPUs; -1 as many as fit."),
        ("main_gpu", "The GPU for small things."),
        ("num_thread", "Threads that compute; 0 chooses."),
        ("num_keep", "Tokens of the prompt that stay when the context shifts."),
        ("num_predict", "Most tokens of the answer; -1 without limit."),
        ("draft_num_predict", "Tokens proposed at once, by a draft model or from what followed earlier; 0 for none."),
        ("seed", "The same seed makes the same answer."),
        ("top_k", "Keeps so many of the most probable tokens."),
        ("repeat_last_n", "Tokens that penalties look back to; -1 the whole context."),
        ("mirostat", "1 or 2: version of Mirostat; 0 without."),
        ("dry_allowed_length", "Tokens that may repeat."),
        ("dry_penalty_last_n", "Tokens searched for repetitions; -1 the whole context."),
    ];

    private static readonly (string Name, string About)[] Numbers =
    [
        ("temperature", "How freely tokens are chosen; 0 always takes the most probable."),
        ("dynatemp_range", "How far the temperature moves with the entropy."),
        ("dynatemp_exponent", "The bend of that way."),
        ("top_p", "Keeps the most probable tokens that have this probability together."),
        ("min_p", "Drops tokens less probable than this part of the best."),
        ("typical_p", "Keeps tokens of typical information."),
        ("top_n_sigma", "Keeps logits within so many standard deviations of the best."),
        ("xtc_probability", "How often the most probable tokens are dropped."),
        ("xtc_threshold", "The probability from which on they are."),
        ("mirostat_tau", "The surprise that Mirostat aims at."),
        ("mirostat_eta", "How fast Mirostat adapts."),
        ("repeat_penalty", "The penalty on tokens that were there; 1 for none."),
        ("presence_penalty", "The penalty on tokens that were there once."),
        ("frequency_penalty", "The penalty on each time that a token was there."),
        ("dry_multiplier", "The penalty on going on with a repetition; 0 for none."),
        ("dry_base", "How it grows with each further token."),
        ("rope_frequency_base", "Base of the rotary positions; 0 the model's own."),
        ("rope_frequency_scale", "Scale of the rotary positions; 0 the model's own."),
    ];

    /// <summary>All of them.</summary>
    public static JsonObject Options()
    {
        var options = Schema.Object(
            "Options of the run and of loading the model. Names that no option has are ignored.", [],
            [
                .. WholeNumbers.Select(
                    option => (option.Name, Schema.Number(option.About + " A fraction is dropped."))),
                .. Numbers.Select(option => (option.Name, Schema.Number(option.About))),
                ("use_mmap", Schema.Flag("Maps the weights into memory.")),
                ("stop", Schema.List("The answer ends in front of these texts.", OllamaSchemas.Item("string"))),
                ("dry_sequence_breakers", Schema.List(
                    "Texts across which nothing counts as a repetition.", OllamaSchemas.Item("string"))),
                ("draft_model", Schema.Text(
                    "The model that proposes tokens, with the same vocabulary; empty for none.").Like("tiny-chat")),
                ("grammar", Schema.Text("GBNF whose rule `root` the answer follows.").Like("root ::= [A-Z] [a-z]*")),
                ("logit_bias", Schema.Any("What is added to the logits of tokens.")),
            ]);
        options["type"] = new JsonArray("object", "null");
        return options;
    }
}
