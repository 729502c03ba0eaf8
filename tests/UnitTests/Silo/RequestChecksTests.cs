using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.UnitTests.Inference.Grammars;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What a model cannot do is refused before anything is loaded, in the order of the reference.</summary>
public sealed class RequestChecksTests
{
    private static readonly CallMarks[] Marks =
        [new("<call>", "</call>"), new("[CALL]", null), new("<json>", "</json>") { IsJson = true }];

    private static readonly ToolDefinition Tool =
        new() { Name = "f", Definition = JsonDocument.Parse("{}").RootElement };

    [Fact]
    public void Thinking_comes_before_everything_else() => Refuses(
        new Refusal(ModelErrorCode.ThinkingUnsupported, "m", null),
        TestSilo.Chat("m") with { Think = new ThinkSetting(true, null), Tools = [Tool] },
        ModelCapability.Embedding);

    [Fact]
    public void Thinking_switched_off_needs_no_capability() =>
        RequestChecks.Check(
            TestSilo.Chat("m") with { Think = new ThinkSetting(false, null) }, ScriptedLibrary.Describe("m"));

    [Fact]
    public void A_model_without_completion_is_refused_alone() => Refuses(
        new Refusal(ModelErrorCode.CapabilityMissing, "m", "completion"),
        TestSilo.Chat("m") with { Tools = [Tool] },
        ModelCapability.Embedding);

    [Fact]
    public void Other_missing_capabilities_are_named_together() => Refuses(
        new Refusal(ModelErrorCode.CapabilityMissing, "m", "tools,insert,vision"),
        TestSilo.Chat("m") with { Tools = [Tool], Suffix = "x", Images = [new byte[] { 1 }] });

    [Fact]
    public void Images_of_messages_need_vision() => Refuses(
        new Refusal(ModelErrorCode.CapabilityMissing, "m", "vision"),
        TestSilo.Chat("m") with
        {
            Messages = [new ChatMessage { Role = "user", Images = [new byte[] { 1 }] }],
        });

    [Theory]
    [InlineData("89504E470D0A1A0A00", "image/png")]
    [InlineData("FFD8FFE0", "image/jpeg")]
    [InlineData("524946460000000057454250", "image/webp")]
    [InlineData("474946383961", "image/gif")]
    [InlineData("474946383761FF", "image/gif")]
    [InlineData("424D000000000000000000000000000000000000000000000000", "image/bmp")]
    [InlineData("", null)]
    [InlineData("00", null)]
    [InlineData("424D", null)]
    [InlineData("52494646", null)]
    [InlineData("524946460000000057415645", null)]
    [InlineData("89504E47", null)]
    public void What_is_an_image_is_told_by_its_bytes(string hex, string? kind)
    {
        var image = Convert.FromHexString(hex);
        Assert.Equal(kind, ImageKind.Find(image));
        var png = Convert.FromHexString("89504E470D0A1A0A");
        Refuses(
            kind is null
                ? new Refusal(
                    ModelErrorCode.RequestInvalid, "m", "image 1 is none of PNG, JPEG, WebP, GIF and BMP")
                : new Refusal(ModelErrorCode.Unsupported, "m", "image input is not supported yet"),
            TestSilo.Chat("m") with { Messages = [new ChatMessage { Role = "user", Images = [png, image] }] },
            ModelCapability.Completion, ModelCapability.Vision);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(21)]
    public void The_number_of_alternatives_has_bounds(int count) => Refuses(
        new Refusal(ModelErrorCode.RequestInvalid, "m", "top_logprobs must be between 0 and 20"),
        TestSilo.Chat("m") with { TopLogProbCount = count });

    [Fact]
    public void Raw_takes_no_template_system_or_context()
    {
        var raw = new GenerationRequest { Model = "m", Kind = GenerationKind.Completion, Raw = true, Prompt = "p" };
        var refusal = new Refusal(
            ModelErrorCode.RequestInvalid, "m", "raw mode does not support template, system, or context");
        Refuses(refusal, raw with { System = "s" });
        Refuses(refusal, raw with { Template = "t" });
        Refuses(refusal, raw with { Context = [1] });
        RequestChecks.Check(raw, ScriptedLibrary.Describe("m"));
    }

    [Fact]
    public void Texts_beyond_every_context_are_the_clients_mistake_and_not_the_templates()
    {
        var exceeded = new Refusal(ModelErrorCode.ContextExceeded, "m", null);
        var half = new ChatMessage { Role = "user", Content = new string('x', ChatFormat.TextLengthMax / 2) };
        var more = JsonSerializer.SerializeToElement(half.Content);
        var chat = TestSilo.Chat("m");
        RequestChecks.Check(chat with { Messages = [half, half] }, ScriptedLibrary.Describe("m"));
        Refuses(exceeded, chat with { Messages = [half, half with { Content = "y" }, half] });
        Refuses(exceeded, chat with { Messages = [half with { Thinking = half.Content + "y" }] });
        Refuses(
            exceeded,
            chat with
            {
                Messages = [half with { ToolCalls = [new ToolCall { Name = "f", Arguments = more }] }],
            });
        var completion = new GenerationRequest
        {
            Model = "m",
            Kind = GenerationKind.Completion,
            Prompt = half.Content,
            System = half.Content + "y",
        };
        Refuses(exceeded, completion);

        // No template writes a raw prompt.
        var raw = completion with { Raw = true, System = null, Prompt = half.Content + half.Content + "y" };
        RequestChecks.Check(raw, ScriptedLibrary.Describe("m"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(70_000)]
    public void A_context_holds_tokens_of_the_model(int token) => Refuses(
        new Refusal(ModelErrorCode.RequestInvalid, "m", "context contains a token that the model does not have"),
        TestSilo.Chat("m") with { Context = [1, token] });

    [Fact]
    public void A_grammar_is_an_option_and_checked_before_anything_is_loaded()
    {
        Refuses(Invalid("invalid grammar: line 1, column 10: rule 'x' is not defined"), WithGrammar("root ::= x"));
        Refuses(Invalid("invalid grammar: no text is complete by rule 'root'"), WithGrammar("root ::= \"a\" root"));
        Refuses(
            new Refusal(ModelErrorCode.OptionInvalid, "m", "option \"grammar\" must be of type string"),
            TestSilo.Chat("m") with
            {
                Options = new Dictionary<string, JsonElement> { ["grammar"] = JsonDocument.Parse("1").RootElement },
            });
        Refuses(
            Invalid("format and grammar cannot be used together"),
            WithGrammar("root ::= \"a\"") with { Format = new OutputFormat(OutputFormatKind.Json, null) });
        Refuses(
            Invalid("invalid format: #: no value satisfies the schema"),
            TestSilo.Chat("m") with
            {
                Format = new OutputFormat(
                    OutputFormatKind.JsonSchema,
                    JsonDocument.Parse("""{"properties":{"a":{"$ref":"#"}},"required":["a"]}""").RootElement),
            });
        RequestChecks.Check(WithGrammar("root ::= \"a\""), ScriptedLibrary.Describe("m"));
        RequestChecks.Check(WithGrammar(""), ScriptedLibrary.Describe("m"));
        var wide = WithGrammar("root ::= \"a\" #" + new string('x', 1024 * 1024));
        Refuses(Invalid("invalid grammar: the grammar is longer than 1048576 characters"), wide);

        static Refusal Invalid(string sentence) => new(ModelErrorCode.RequestInvalid, "m", sentence);
        static GenerationRequest WithGrammar(string text) => TestSilo.Chat("m") with
        {
            Options = new Dictionary<string, JsonElement> { ["grammar"] = JsonSerializer.SerializeToElement(text) },
        };
    }

    [Fact]
    public void A_call_that_cannot_be_forced_is_refused()
    {
        ModelCapability[] able = [ModelCapability.Completion, ModelCapability.Tools];
        var forced = TestSilo.Chat("m") with { Tools = [Tool], ToolChoice = new ToolChoice { Required = true } };
        RequestChecks.Check(forced, ScriptedLibrary.Describe("m", able));
        Refuses(
            Invalid("tool_choice: there is no tool \"g\""),
            forced with { ToolChoice = new ToolChoice { Required = true, Name = "g" } }, able);
        Refuses(Invalid("tool_choice: there are no tools to choose from"), forced with { Tools = [] }, able);
        Refuses(
            Invalid("tool_choice: tool \"f\": #/not: this keyword cannot be honoured"),
            forced with { Tools = [WithSchema("{\"not\":{}}")] }, able);
        Refuses(
            Invalid("tool_choice: no arguments satisfy the schemas of the tools"),
            forced with { Tools = [WithSchema("""{"properties":{"a":{"$ref":"#"}},"required":["a"]}""")] }, able);
        Refuses(
            Invalid("tool_choice and grammar cannot be used together"),
            forced with
            {
                Options = new Dictionary<string, JsonElement> { ["grammar"] = JsonElement.Parse("\"root ::= [a]\"") },
            },
            able);

        static Refusal Invalid(string sentence) => new(ModelErrorCode.RequestInvalid, "m", sentence);
        static ToolDefinition WithSchema(string schema) => Tool with { Parameters = JsonElement.Parse(schema) };
    }

    [Fact]
    public void A_grammar_of_the_model_holds_unless_the_request_says_otherwise()
    {
        var parameters = new Dictionary<string, JsonElement>
        {
            ["grammar"] = JsonSerializer.SerializeToElement("root ::= \"a\""),
        };
        var request = TestSilo.Chat("m");
        Assert.Equal("root ::= \"a\"", FormatGrammar.Compile(request, parameters));
        var own = new Dictionary<string, JsonElement>
        {
            ["grammar"] = JsonSerializer.SerializeToElement("root ::= [b]"),
        };
        Assert.Equal("root ::= [b]", FormatGrammar.Compile(request with { Options = own }, parameters));
        own["grammar"] = JsonSerializer.SerializeToElement("");
        Assert.Null(FormatGrammar.Compile(request with { Options = own }, parameters));
        var json = new OutputFormat(OutputFormatKind.Json, null);
        Assert.NotNull(FormatGrammar.Compile(request with { Format = json }, parameters));
    }

    [Theory]
    [InlineData("{\"a\":1}", true)]
    [InlineData("<call>what\never \u00e9</call> and on", true)]
    [InlineData("<call></call>", true)]
    [InlineData("<call>what", false)]
    [InlineData("<json>\n{\"name\": \"f\", \"arguments\": {\"b\":[2]}}\n</json>", true)]
    [InlineData(
        "<json>{\"name\":\"f\",\"arguments\":{}}</json>\n<json>{\"name\":\"f\",\"arguments\":{}}</json>", true)]
    [InlineData("<json>{\"name\":\"g\",\"arguments\":{}}</json>", false)]
    [InlineData("<json>{\"name\":\"f\",\"arguments\":1}</json>", false)]
    [InlineData("<json>what</json>", false)]
    [InlineData("<json>{\"name\":\"f\",\"arguments\":{}}</json> and on", false)]
    [InlineData("[CALL]x", true)]
    [InlineData("[CALL]", false)]
    [InlineData("<call", false)]
    [InlineData("Well, <call>", false)]
    public void Beside_tools_an_answer_has_the_format_or_is_a_call(string text, bool fits)
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"a":{"const":1}},"required":["a"]}""");
        var request = TestSilo.Chat("m") with
        {
            Tools = [Tool],
            Format = new OutputFormat(OutputFormatKind.JsonSchema, schema),
        };
        var grammar = FormatGrammar.Compile(request, GenerationRequest.NoOptions, Marks)!;
        Assert.Equal(fits, Texts.Matches(Texts.Matcher(grammar), Encoding.UTF8.GetBytes(text)));
        var alone = FormatGrammar.Compile(request, GenerationRequest.NoOptions)!;
        Assert.Equal(text[0] == '{', Texts.Matches(Texts.Matcher(alone), Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_model_that_can_think_does_unless_told_otherwise()
    {
        ModelCapability[] thinking = [ModelCapability.Thinking];
        Assert.Equal(new ThinkSetting(true, null), ThinkDefault.Resolve(null, thinking));
        Assert.Equal(new ThinkSetting(false, null), ThinkDefault.Resolve(new ThinkSetting(false, null), thinking));
        Assert.Null(ThinkDefault.Resolve(null, []));
    }

    private static void Refuses(Refusal refusal, GenerationRequest request, params ModelCapability[] capabilities)
    {
        var model = ScriptedLibrary.Describe("m", capabilities);
        Assert.Equal(refusal, Assert.Throws<ModelException>(() => RequestChecks.Check(request, model)).Refusal);
    }
}
