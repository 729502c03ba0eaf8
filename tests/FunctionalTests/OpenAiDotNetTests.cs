using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;
using OpenAI;
using OpenAI.Chat;

namespace Ollama.Platform.FunctionalTests;

/// <summary>OpenAI's .NET client against the real host.</summary>
[Collection(nameof(SharedServer))]
public sealed class OpenAiDotNetTests(ServerFixture server)
{
    private const string Question = "What is the capital of France?";
    private const string Capital = "The capital of France is Paris.";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "Get the current weather for a location", BinaryData.FromString("""
            {"type":"object","properties":{"city":{"type":"string","description":"The city"}},"required":["city"]}
            """));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OpenAIClient Client => new(
        new ApiKeyCredential("any"),
        new OpenAIClientOptions
        {
            Endpoint = new Uri(server.Address, "/v1"),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });

    [Fact]
    public async Task It_chats_and_counts()
    {
        ChatCompletion chat = await Chat().CompleteChatAsync([new UserChatMessage(Question)], Settings(), Token);
        Assert.Equal(Capital, Assert.Single(chat.Content).Text);
        Assert.Equal(ChatFinishReason.Stop, chat.FinishReason);
        Assert.Equal(chat.Usage.InputTokenCount + chat.Usage.OutputTokenCount, chat.Usage.TotalTokenCount);
        Assert.InRange(chat.Usage.OutputTokenDetails.ReasoningTokenCount, 1, chat.Usage.OutputTokenCount - 1);
        Assert.InRange(chat.Usage.InputTokenDetails.CachedTokenCount, 0, chat.Usage.InputTokenCount);
    }

    [Fact]
    public async Task It_streams()
    {
        var (text, updates, output) = ("", 0, 0);
        await foreach (var update in Chat().CompleteChatStreamingAsync(
            [new UserChatMessage(Question)], Settings(), Token))
        {
            updates++;
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            output = update.Usage?.OutputTokenCount ?? output;
        }

        Assert.Equal(Capital, text);
        Assert.True(updates > 1);
        Assert.True(output > 1);
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_tool()
    {
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Paris?")];
        var settings = Settings();
        settings.Tools.Add(Weather);
        ChatCompletion called = await Chat().CompleteChatAsync(messages, settings, Token);
        Assert.Equal(ChatFinishReason.ToolCalls, called.FinishReason);
        var call = Assert.Single(called.ToolCalls);
        Assert.Equal(("get_weather", "{\"city\":\"Paris\"}"), (call.FunctionName, call.FunctionArguments.ToString()));
        messages.Add(new AssistantChatMessage(called));
        messages.Add(new ToolChatMessage(call.Id, "{\"temperature\": 21, \"condition\": \"sunny\"}"));
        ChatCompletion answer = await Chat().CompleteChatAsync(messages, settings, Token);
        Assert.Contains("21", Assert.Single(answer.Content).Text);
    }

    [Fact]
    public async Task It_gets_the_call_that_it_forces_as_it_grows()
    {
        var settings = Settings();
        settings.Tools.Add(Weather);
        settings.ToolChoice = ChatToolChoice.CreateFunctionChoice("get_weather");
        var (names, ids, arguments) = (new List<string>(), new List<string>(), "");
        await foreach (var update in Chat().CompleteChatStreamingAsync(
            [new UserChatMessage("What is the weather in Paris?")], settings, Token))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                names.AddRange(call.FunctionName is { } name ? [name] : []);
                ids.AddRange(call.ToolCallId is { } id ? [id] : []);
                arguments += call.FunctionArgumentsUpdate;
            }
        }

        Assert.Equal(["get_weather"], names);
        Assert.StartsWith("call_", Assert.Single(ids));
        Assert.Equal(JsonValueKind.String, JsonElement.Parse(arguments).GetProperty("city").ValueKind);
    }

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var settings = Settings();
        settings.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
            "answer", BinaryData.FromString("""
                {"type":"object","properties":{"capital":{"type":"string","maxLength":20},"sure":{"type":"boolean"}},
                 "required":["capital","sure"],"additionalProperties":false}
                """), jsonSchemaIsStrict: true);
        ChatCompletion chat = await Chat().CompleteChatAsync([new UserChatMessage(Question)], settings, Token);
        var answer = JsonElement.Parse(Assert.Single(chat.Content).Text);
        Assert.Equal(["capital", "sure"], answer.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task It_embeds()
    {
        var embeddings = await Client.GetEmbeddingClient("tiny-embed").GenerateEmbeddingsAsync(
            [Question, "Name the capital of France."], cancellationToken: Token);
        Assert.Equal([128, 128], embeddings.Value.Select(one => one.ToFloats().Length));
        Assert.True(embeddings.Value.Usage.InputTokenCount > 0);
    }

    [Fact]
    public async Task It_lists_the_models()
    {
        var models = await Client.GetOpenAIModelClient().GetModelsAsync(Token);
        Assert.Contains("tiny-chat:latest", models.Value.Select(model => model.Id));
    }

    [Fact]
    public async Task It_understands_a_refusal()
    {
        var refused = await Assert.ThrowsAsync<ClientResultException>(
            () => Client.GetChatClient("nope").CompleteChatAsync([new UserChatMessage(Question)], Settings(), Token));
        Assert.Equal(404, refused.Status);
        Assert.Contains("model 'nope' not found", refused.Message);
    }

    [Fact]
    public async Task It_aborts_in_the_middle_of_a_stream()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var updates = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Chat().CompleteChatStreamingAsync(
                [new UserChatMessage("Count from 1 to 100.")], Settings(), leaving.Token))
            {
                if (++updates == 3)
                {
                    await leaving.CancelAsync();
                }
            }
        });
        Assert.InRange(updates, 3, 200);
    }

    private static ChatCompletionOptions Settings() => new() { Temperature = 0, MaxOutputTokenCount = 400 };

    private ChatClient Chat() => Client.GetChatClient("tiny-chat");
}
