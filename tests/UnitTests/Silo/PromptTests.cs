using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>From a request to tokens that fit; one token of the scripted runner is one character.</summary>
public sealed class PromptTests
{
    private static readonly PromptAssembler Assembler = new(new ChatFormats(), new ManualTimeProvider());

    [Fact]
    public void System_text_and_messages_of_the_model_come_first()
    {
        var model = ScriptedLibrary.Describe("m") with
        {
            System = "S",
            Messages = [new ChatMessage { Role = "assistant", Content = "M" }],
        };
        Assert.Equal("system:S|assistant:M|user:hi|", Text(TestSilo.Chat("m"), model));
        var own = TestSilo.Chat("m") with { Messages = [Message("system", "mine"), Message("user", "hi")] };
        Assert.Equal("assistant:M|system:mine|user:hi|", Text(own, model));
    }

    [Fact]
    public void A_completion_is_one_user_message()
    {
        var model = ScriptedLibrary.Describe("m") with { System = "S", Messages = [Message("assistant", "M")] };
        var request = Completion("hi");
        Assert.Equal("system:S|assistant:M|user:hi|", Text(request, model));
        Assert.Equal("system:T|assistant:M|user:hi|", Text(request with { System = "T" }, model));
        Assert.Equal("assistant:M|user:hi|", Text(request with { System = "" }, model));
        Assert.Equal("system:S|user:hi|", Text(request with { Context = [1] }, model));
    }

    [Fact]
    public void Raw_passes_the_prompt_as_it_is() =>
        Assert.Equal("{{ hi }}", Text(Completion("{{ hi }}") with { Raw = true }, ScriptedLibrary.Describe("m")));

    [Fact]
    public void A_suffix_makes_a_gap_to_fill()
    {
        var model = ScriptedLibrary.Describe("m");
        var request = Completion("before") with { Suffix = "after" };
        Assert.Equal("insert", Assert.Throws<ModelException>(() => Text(request, model)).Refusal.Detail);
        model = model with
        {
            WeightsDescription = model.WeightsDescription with
            {
                FimPrefixToken = "<P>",
                FimSuffixToken = "<S>",
                FimMiddleToken = "<M>",
            },
        };
        Assert.Equal("<P>before<S>after<M>", Text(request, model));
    }

    [Fact]
    public void A_model_without_a_template_gets_the_bare_texts()
    {
        var model = WithoutChatTemplate(ScriptedLibrary.Describe("m"));
        Assert.Equal("hi", Text(TestSilo.Chat("m"), model));
    }

    [Fact]
    public void A_go_template_serves_where_it_is_in_effect_or_the_only_one()
    {
        var model = ScriptedLibrary.Describe("m") with { Template = "[{{ .System }}|{{ .Prompt }}]", System = "S" };
        Assert.Equal("system:S|user:hi|", Text(TestSilo.Chat("m"), model));
        Assert.Equal("[S|hi]", Text(TestSilo.Chat("m"), model with { GoTemplateUsed = true }));
        Assert.Equal("[S|hi]", Text(TestSilo.Chat("m"), WithoutChatTemplate(model)));
        Assert.Equal("[S|hi]", Text(Completion("hi"), WithoutChatTemplate(model)));
    }

    [Fact]
    public void A_template_of_the_request_stands_above_all_others()
    {
        var model = ScriptedLibrary.Describe("m") with { Template = "never", GoTemplateUsed = true };
        Assert.Equal("<hi>", Text(Completion("hi") with { Template = "<{{ .Prompt }}>" }, model));
        var failure = Assert.Throws<TemplateException>(
            () => Text(Completion("hi") with { Template = "{{ .Bad" }, model));
        Assert.Equal("template: :1: unclosed action", failure.Message);
    }

    [Fact]
    public void A_go_template_with_a_suffix_fills_the_gap()
    {
        var model = ScriptedLibrary.Describe("m") with
        {
            Template = "{{ if .Suffix }}<P>{{ .Prompt }}<S>{{ .Suffix }}<M>{{ else }}{{ .Prompt }}{{ end }}",
        };
        Assert.Equal("<P>a<S>b<M>", Text(Completion("a") with { Suffix = "b" }, model));
    }

    [Fact]
    public void A_client_that_left_stops_its_rendering()
    {
        var request = Completion("hi") with { Template = "{{ range 100000000 }}{{ end }}" };
        using var client = new CancellationTokenSource();
        client.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => Assembler.Assemble(request, ScriptedLibrary.Describe("m"), client.Token));
    }

    [Fact]
    public void A_renderer_and_a_parser_that_the_config_names_override_the_template()
    {
        var model = ScriptedLibrary.Describe("m") with { Renderer = "qwen3-coder", Parser = "qwen3-thinking" };
        var prompt = Assembler.Assemble(TestSilo.Chat("m"), model, TestContext.Current.CancellationToken);
        Assert.Equal("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", prompt.Text);
        Assert.Equal("R", prompt.Parser.Read("R</think>").Thinking);
        var thinker = TestSilo.Chat("m") with { Think = new ThinkSetting(true, null) };
        var thinking = Assembler.Assemble(thinker, model, TestContext.Current.CancellationToken);
        Assert.Equal(new(null, "</think>"), thinking.Preface);
    }

    [Fact]
    public void A_renderer_that_nobody_knows_is_refused_and_a_parser_is_ignored()
    {
        var model = ScriptedLibrary.Describe("m");
        var refused = Assert.Throws<ModelException>(() => Text(TestSilo.Chat("m"), model with { Renderer = "x" }));
        Assert.Equal(
            (ModelErrorCode.TemplateFailed, "unknown renderer \"x\""), (refused.Refusal.Code, refused.Refusal.Detail));
        Assert.Equal("user:hi|", Text(TestSilo.Chat("m"), model with { Parser = "x" }));
    }

    [Fact]
    public async Task A_long_chat_loses_its_oldest_messages_but_no_system_message()
    {
        var request = TestSilo.Chat("m") with
        {
            Messages =
            [
                Message("system", "S"), Message("user", "11111"), Message("assistant", "22222"),
                Message("user", "33333"),
            ],
        };
        Assert.Equal("system:S|assistant:22222|user:33333|", await TokensAsync(request, context: 37));
        Assert.Equal("system:S|user:33333|", await TokensAsync(request, context: 36));
    }

    [Fact]
    public async Task A_last_message_that_is_too_long_is_cut_in_the_middle()
    {
        var text = await TokensAsync(TestSilo.Chat("m", new string('x', 100) + "end"), context: 20, keep: 5);
        Assert.Equal("user:xxxxend|", text);
        Assert.Equal(20 - ((20 - 5) / 2), text.Length);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, false)]
    public async Task A_prompt_that_may_not_be_cut_is_refused(bool truncate, bool? shift)
    {
        var request = TestSilo.Chat("m", new string('x', 100)) with { Truncate = truncate, Shift = shift };
        var refused = await Assert.ThrowsAsync<ModelException>(() => TokensAsync(request, context: 20));
        Assert.Equal(ModelErrorCode.ContextExceeded, refused.Refusal.Code);
        Assert.StartsWith("the prompt is longer than the context length", refused.Refusal.Detail);
    }

    [Fact]
    public async Task A_context_stands_before_the_prompt() =>
        Assert.Equal("abuser:c|", await TokensAsync(Completion("c") with { Context = ['a', 'b'] }, context: 100));

    [Fact]
    public async Task A_prompt_without_tokens_is_refused()
    {
        var request = Completion("") with { Raw = true };
        var refused = await Assert.ThrowsAsync<ModelException>(() => TokensAsync(request, context: 100));
        Assert.Equal(ModelErrorCode.RequestInvalid, refused.Refusal.Code);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 4)]
    [InlineData(5, 1000)]
    public void A_cut_prompt_leaves_room_whatever_is_kept(int context, int keep) =>
        Assert.InRange(PromptTokens.Cut([.. Enumerable.Range(0, 50)], context, keep).Length, 1, context - 1);

    private static ModelDescription WithoutChatTemplate(ModelDescription model) =>
        model with { WeightsDescription = model.WeightsDescription with { ChatTemplate = null } };

    private static ChatMessage Message(string role, string content) => new() { Role = role, Content = content };

    private static GenerationRequest Completion(string prompt) =>
        new() { Model = "m", Kind = GenerationKind.Completion, Prompt = prompt };

    private static string Text(GenerationRequest request, ModelDescription model) =>
        Assembler.Assemble(request, model, TestContext.Current.CancellationToken).Text;

    private static async Task<string> TokensAsync(GenerationRequest request, int context, int keep = 4)
    {
        var specification = new LoadSpecification { WeightsPath = "", ContextTokens = context, SlotCount = 1 };
        await using var runner = new ScriptedRunner(specification, new ScriptedRunnerLoader());
        var (_, tokens) = await new PromptTokens(Assembler).BuildAsync(
            request, ScriptedLibrary.Describe("m"), runner, keep, TestContext.Current.CancellationToken);
        return string.Concat(tokens.Select(token => (char)token));
    }
}
