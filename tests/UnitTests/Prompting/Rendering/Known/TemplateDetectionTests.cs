using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Prompting.Rendering.Known;
using static Ollama.Platform.UnitTests.Prompting.Rendering.Conversations;

namespace Ollama.Platform.UnitTests.Prompting.Rendering.Known;

public sealed class TemplateDetectionTests
{
    private const string Roles = "{% for m in messages %}";
    private const string End = "{% endfor %}";

    /// <summary>For each name, a template in Jinja and what it makes of S, U, A and V.</summary>
    public static TheoryData<string, string, string> Families => new()
    {
        {
            "chatml",
            Roles + "{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}" + End
                + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
                + "<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\n"
        },
        {
            "llama3-instruct",
            "{{ bos_token }}" + Roles
                + "<|start_header_id|>{{ m.role }}<|end_header_id|>{{ '\n\n' }}{{ m.content | trim }}<|eot_id|>" + End
                + "<|start_header_id|>assistant<|end_header_id|>{{ '\n\n' }}",
            "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"
                + "U<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|>"
                + "<|start_header_id|>user<|end_header_id|>\n\nV<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n"
        },
        {
            "llama2-chat",
            Joined("'<<SYS>>\n' + s + '\n<</SYS>>\n\n'",
                "bos_token + '[INST] ' + c + ' [/INST]'", "' ' + c + ' ' + eos_token", ""),
            "[INST] <<SYS>>\nS\n<</SYS>>\n\nU [/INST] A </s><s>[INST] V [/INST]"
        },
        {
            "mistral-instruct",
            "{{ bos_token }}" + Joined("s + '\n\n'", "'[INST] ' + c + '[/INST]'", "' ' + c + eos_token", ""),
            "[INST] S\n\nU[/INST] A</s>[INST] V[/INST]"
        },
        {
            "gemma3-instruct",
            "{{ bos_token }}" + Joined(
                "s + '\n\n'", "'<start_of_turn>user\n' + c + '<end_of_turn>\n'",
                "'<start_of_turn>model\n' + c + '<end_of_turn>\n'", "<start_of_turn>model{{ '\n' }}"),
            "<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n"
                + "<start_of_turn>user\nV<end_of_turn>\n<start_of_turn>model\n"
        },
    };

    /// <summary>The same of families whose roles have names.</summary>
    public static TheoryData<string, string, string> NamedFamilies => new()
    {
        {
            "phi-3",
            Roles + "{{ '<|' + m.role + '|>\n' + m.content + '<|end|>\n' }}" + End + "{{ '<|assistant|>\n' }}",
            "<|system|>\nS<|end|>\n<|user|>\nU<|end|>\n<|assistant|>\nA<|end|>\n<|user|>\nV<|end|>\n<|assistant|>\n"
        },
        {
            "zephyr",
            Roles + "{{ '<|' + m.role + '|>\n' + m.content + eos_token + '\n' }}" + End + "{{ '<|assistant|>\n' }}",
            "<|system|>\nS</s>\n<|user|>\nU</s>\n<|assistant|>\nA</s>\n<|user|>\nV</s>\n<|assistant|>\n"
        },
        {
            "command-r",
            "{{ bos_token }}" + Roles + "<|START_OF_TURN_TOKEN|><|{{ 'CHATBOT' if m.role == 'assistant' else "
                + "m.role | upper }}_TOKEN|>{{ m.content }}<|END_OF_TURN_TOKEN|>" + End
                + "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>",
            "<|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>S<|END_OF_TURN_TOKEN|>"
                + "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>U<|END_OF_TURN_TOKEN|>"
                + "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>A<|END_OF_TURN_TOKEN|>"
                + "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>V<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>"
        },
        {
            "openchat",
            Roles + "GPT4 Correct {{ m.role | title }}: {{ m.content }}<|end_of_turn|>" + End
                + "GPT4 Correct Assistant:",
            "GPT4 Correct System: S<|end_of_turn|>GPT4 Correct User: U<|end_of_turn|>"
                + "GPT4 Correct Assistant: A<|end_of_turn|>GPT4 Correct User: V<|end_of_turn|>GPT4 Correct Assistant:"
        },
        {
            "alfred",
            Roles + "<start_{{ m.role }}>{{ m.content }}<end_message>" + End + "<start_assistant>",
            "<start_system>S<end_message><start_user>U<end_message>"
                + "<start_assistant>A<end_message><start_user>V<end_message><start_assistant>"
        },
    };

    /// <summary>The same of families that set headings instead of marks.</summary>
    public static TheoryData<string, string, string> HeadedFamilies => new()
    {
        {
            "alpaca",
            Headed("", "### Instruction:\n", "### Response:\n", "\n\n"),
            "S\n\n### Instruction:\nU\n\n### Response:\nA\n\n### Instruction:\nV\n\n### Response:\n"
        },
        {
            "solar-instruct",
            Headed("### System:\n", "### User:\n", "### Assistant:\n", "</s>\n\n"),
            "### System:\nS\n\n### User:\nU\n\n### Assistant:\nA</s>\n\n### User:\nV\n\n### Assistant:\n"
        },
        {
            "starcoder2-instruct",
            Headed("", "### Instruction\n", "### Response\n", "<|endoftext|>"),
            "S\n\n### Instruction\nU\n\n### Response\nA<|endoftext|>### Instruction\nV\n\n### Response\n"
        },
        {
            "magicoder",
            Headed("", "@@ Instruction\n", "@@ Response\n", "\n\n"),
            "S\n\n@@ Instruction\nU\n\n@@ Response\nA\n\n@@ Instruction\nV\n\n@@ Response\n"
        },
        {
            "granite-instruct",
            Headed("System:\n", "Question:\n", "Answer:\n", "\n\n"),
            "System:\nS\n\nQuestion:\nU\n\nAnswer:\nA\n\nQuestion:\nV\n\nAnswer:\n"
        },
        {
            "chatqa",
            Roles + "{{ m.role | title }}: {{ m.content }}{{ '\n\n' }}" + End + "Assistant:",
            "System: S\n\nUser: U\n\nAssistant: A\n\nUser: V\n\nAssistant:"
        },
        {
            "falcon-instruct",
            Roles + "{{ 'Falcon' if m.role == 'assistant' else m.role | title }}: {{ m.content }}{{ '\n' }}" + End
                + "Falcon:",
            "System: S\nUser: U\nFalcon: A\nUser: V\nFalcon:"
        },
        {
            "codellama-70b-instruct",
            "{{ bos_token }}" + Roles + "{{ 'Source: ' + m.role + '\n\n ' + m.content + ' <step> ' }}" + End
                + "{{ 'Source: assistant\nDestination: user\n\n ' }}",
            "Source: system\n\n S <step> Source: user\n\n U <step> Source: assistant\n\n A <step> "
                + "Source: user\n\n V <step> Source: assistant\nDestination: user\n\n "
        },
    };

    [Theory]
    [MemberData(nameof(Families))]
    [MemberData(nameof(NamedFamilies))]
    [MemberData(nameof(HeadedFamilies))]
    public void A_template_is_known_by_what_it_writes(string name, string jinja, string expected)
    {
        var found = TemplateDetection.Find(Weights(jinja))!;

        Assert.Equal(name, found.Name);
        Assert.NotEmpty(found.Stops);
        var prompt = Prompt(SystemText("S"), User("U"), Assistant("A"), User("V")) with
        {
            BosToken = "<s>",
            EosToken = "</s>",
            AddsBosToken = true,
        };
        Assert.Equal(expected, ChatFormat.FromJinja(jinja).Render(prompt));
        Assert.Equal(expected, ChatFormat.FromGo(found.Text).Render(prompt));
    }

    [Fact]
    public void A_family_without_a_place_for_the_system_text_is_known_as_well()
    {
        var jinja = "{{ bos_token }}" + Joined(
            "raise_exception('no system')", "'<start_of_turn>user\n' + c + '<end_of_turn>\n'",
            "'<start_of_turn>model\n' + c + '<end_of_turn>\n'", "<start_of_turn>model{{ '\n' }}");

        Assert.Equal("gemma-instruct", TemplateDetection.Find(Weights(jinja))?.Name);
    }

    [Theory]
    [InlineData("{{ messages[0].content }}")]
    [InlineData("{% for m in messages %}")]
    [InlineData("{{ raise_exception('never') }}")]
    public void Another_template_is_not(string jinja) => Assert.Null(TemplateDetection.Find(Weights(jinja)));

    [Theory]
    [InlineData("{% if tools %}{{ tools | tojson }}{% endif %}")]
    [InlineData("{# <think></think> #}")]
    [InlineData("{% if messages[0].role != 'system' %}Be helpful.{% endif %}")]
    public void A_template_that_can_do_more_or_says_more_stays_alone(string more)
    {
        var chatMl = (string)Families.First().Data.Item2;

        Assert.Equal("chatml", TemplateDetection.Find(Weights(chatMl))?.Name);
        Assert.Null(TemplateDetection.Find(Weights(chatMl + more)));
    }

    [Fact]
    public void A_beginning_token_that_nobody_else_would_add_is_not_lost()
    {
        var (_, jinja, _) = Families.First(row => row.Data.Item1 == "gemma3-instruct").Data;

        Assert.Null(TemplateDetection.Find(Weights(jinja) with { AddsBosToken = false }));
    }

    [Fact]
    public void An_answer_that_comes_last_is_left_open()
    {
        var chatMl = TemplateDetection.Find(Weights(Families.First().Data.Item2))!;

        Assert.Equal(
            "<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA",
            ChatFormat.FromGo(chatMl.Text).Render(Prompt(User("U"), Assistant("A"))));
    }

    private static WeightsDescription Weights(string jinja) => new()
    {
        Architecture = "llama",
        FileBytes = 1,
        ChatTemplate = jinja,
        BosToken = "<s>",
        EosToken = "</s>",
        AddsBosToken = true,
    };

    private static string Joined(string system, string user, string assistant, string generation) =>
        "{% set s = messages[0].content if messages[0].role == 'system' else '' %}{% set ns = namespace(s=s) %}"
        + Roles + "{% set c = m.content %}{% if m.role == 'user' %}"
        + "{% if ns.s %}{% set c = " + system + " + c %}{% set ns.s = '' %}{% endif %}{{ " + user + " }}"
        + "{% elif m.role == 'assistant' %}{{ " + assistant + " }}{% endif %}" + End + generation;

    private static string Headed(string system, string user, string assistant, string close) =>
        Roles + "{% if m.role == 'system' %}{{ '" + system + "' + m.content + '\n\n' }}"
        + "{% elif m.role == 'user' %}{{ '" + user + "' + m.content + '\n\n' }}"
        + "{% else %}{{ '" + assistant + "' + m.content + '" + close + "' }}{% endif %}" + End
        + "{{ '" + assistant + "' }}";
}
