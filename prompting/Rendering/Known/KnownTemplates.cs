namespace Ollama.Platform.Prompting.Rendering.Known;

/// <summary>
/// The Go templates that models get which bring along only one in Jinja. They are found by what they write and not by
/// their text: a template of these writes, message by message, the same prompt as the model's own, or is not taken.
/// </summary>
internal static class KnownTemplates
{
    // Before All, which is made of them.
    private static readonly (string User, string Answer)[] MistralShapes =
        [(" [/INST]", ""), (" [/INST]", " "), ("[/INST]", " ")];

    private static readonly bool[] Either = [false, true];

    private static readonly string[] AnswerEnds =
        ["\n\n", "</s>\n\n", "<|endoftext|>", "<|endoftext|>\n\n", "\n"];

    /// <summary>All of them; a name may have several that differ in white space.</summary>
    public static IReadOnlyList<KnownTemplate> All { get; } =
    [
        new(
            "chatml",
            TurnText.Named("<|im_start|>{{ .Role }}\n", "<|im_end|>\n", "<|im_start|>assistant\n"),
            ["<|im_start|>", "<|im_end|>"]),
        new(
            "llama3-instruct",
            TurnText.Named(
                "<|start_header_id|>{{ .Role }}<|end_header_id|>\n\n", "<|eot_id|>",
                "<|start_header_id|>assistant<|end_header_id|>\n\n"),
            ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]),
        new(
            "llama2-chat",
            TurnText.Joined(
                ("<<SYS>>\n", "\n<</SYS>>\n\n"), ("[INST] ", " [/INST]"), (" ", " </s><s>"), ""),
            ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"]),
        .. Mistral("mistral-instruct"),
        Gemma("gemma3-instruct"),
        Gemma("gemma-instruct") with { RefusesSystem = true },
        new(
            "phi-3",
            TurnText.Named("<|{{ .Role }}|>\n", "<|end|>\n", "<|assistant|>\n"),
            ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>"]),
        new(
            "zephyr",
            TurnText.Named("<|{{ .Role }}|>\n", "</s>\n", "<|assistant|>\n"),
            ["<|system|>", "<|user|>", "<|assistant|>", "</s>"]),
        new(
            "command-r",
            TurnText.Apart(
                Cohere("SYSTEM"), Cohere("USER"), Cohere("CHATBOT"), Cohere("CHATBOT").Open),
            ["<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>"]),
        new(
            "openchat",
            TurnText.Apart(
                ("GPT4 Correct System: ", "<|end_of_turn|>"), ("GPT4 Correct User: ", "<|end_of_turn|>"),
                ("GPT4 Correct Assistant: ", "<|end_of_turn|>"), "GPT4 Correct Assistant:"),
            ["<|end_of_turn|>"]),
        new(
            "alfred",
            TurnText.Named("<start_{{ .Role }}>", "<end_message>", "<start_assistant>"),
            ["<start_system>", "<start_user>", "<start_assistant>", "<end_message>"]),
        .. Headed(
            "alpaca", ("", "\n\n"), "### Instruction:\n", "### Response:\n", ["### Instruction:", "### Response:"]),
        .. Headed(
            "solar-instruct", ("### System:\n", "\n\n"), "### User:\n", "### Assistant:\n",
            ["### System:", "### User:", "### Assistant:"]),
        .. Headed(
            "starcoder2-instruct", ("", "\n\n"), "### Instruction\n", "### Response\n",
            ["### Instruction", "### Response", "<|endoftext|>"]),
        .. Headed(
            "magicoder", ("", "\n\n"), "@@ Instruction\n", "@@ Response\n", ["@@ Instruction", "@@ Response"]),
        .. Headed(
            "granite-instruct", ("System:\n", "\n\n"), "Question:\n", "Answer:\n",
            ["System:", "Question:", "Answer:"]),
        new(
            "chatqa",
            TurnText.Apart(
                ("System: ", "\n\n"), ("User: ", "\n\n"), ("Assistant: ", "\n\n"), "Assistant:"),
            ["System:", "User:", "Assistant:"]),
        new(
            "falcon-instruct",
            TurnText.Apart(("System: ", "\n"), ("User: ", "\n"), ("Falcon: ", "\n"), "Falcon:"),
            ["User:", "Falcon:"]),
        new(
            "codellama-70b-instruct",
            TurnText.Named(
                "Source: {{ .Role }}\n\n ", " <step> ", "Source: assistant\nDestination: user\n\n "),
            ["Source:", "Destination:", "<step>"]),
    ];

    /// <summary>The versions of this layout differ in one space and in whether a system text has a place.</summary>
    private static IEnumerable<KnownTemplate> Mistral(string name) =>
        from shape in MistralShapes
        from refuses in Either
        select new KnownTemplate(
            name,
            TurnText.Joined(("", "\n\n"), ("[INST] ", shape.User), (shape.Answer, "</s>"), ""),
            ["[INST]", "[/INST]"])
        {
            RefusesSystem = refuses,
        };

    private static KnownTemplate Gemma(string name) => new(
        name,
        TurnText.Joined(
            ("", "\n\n"), ("<start_of_turn>user\n", "<end_of_turn>\n"), ("<start_of_turn>model\n", "<end_of_turn>\n"),
            "<start_of_turn>model\n"),
        ["<start_of_turn>", "<end_of_turn>"]);

    private static (string Open, string Close) Cohere(string role) =>
        ($"<|START_OF_TURN_TOKEN|><|{role}_TOKEN|>", "<|END_OF_TURN_TOKEN|>");

    /// <summary>Headings over each text; some end an answer with the end token, some with a line.</summary>
    private static IEnumerable<KnownTemplate> Headed(
        string name, (string Open, string Close) system, string question, string answer, string[] stops) =>
        AnswerEnds.Select(close => new KnownTemplate(
            name, TurnText.Apart(system, (question, "\n\n"), (answer, close), answer), stops));
}
