// The client calls this part of itself experimental.
#pragma warning disable OPENAI001
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;
using OpenAI.Responses;

namespace Ollama.Platform.FunctionalTests;

/// <summary>OpenAI's .NET client and its responses against the real host.</summary>
[Collection(nameof(SharedServer))]
public sealed class OpenAiDotNetResponsesTests(ServerFixture server)
{
    private const string Model = "tiny-chat";
    private const string Question = "What is the capital of France?";
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ResponsesClient Client => Connect(server.Address);

    [Fact]
    public async Task It_answers_goes_on_and_forgets()
    {
        ResponseResult first = await Client.CreateResponseAsync(Ask(Question), Token);
        Assert.Equal(Capital, first.GetOutputText());
        Assert.Equal(ResponseStatus.Completed, first.Status);
        Assert.Equal(first.Usage.InputTokenCount + first.Usage.OutputTokenCount, first.Usage.TotalTokenCount);
        ResponseResult second = await Client.CreateResponseAsync(Ask("Say it again.", first.Id), Token);
        Assert.Equal(first.Id, second.PreviousResponseId);
        var items = new List<ResponseItem>();
        await foreach (var item in Client.GetResponseInputItemsAsync(second.Id, Token))
        {
            items.Add(item);
        }

        Assert.Equal(3, items.Count);
        ResponseDeletionResult gone = await Client.DeleteResponseAsync(first.Id, Token);
        Assert.True(gone.Deleted);
        var refused = await Assert.ThrowsAsync<ClientResultException>(
            async () => await Client.GetResponseAsync(first.Id, Token));
        Assert.Equal(404, refused.Status);
    }

    [Fact]
    public async Task It_streams_and_takes_up_a_stream_in_the_background()
    {
        var options = Ask(Question);
        options.BackgroundModeEnabled = true;
        options.StreamingEnabled = true;
        var (text, id, last) = ("", "", 0);
        await foreach (var update in await Client.CreateResponseStreamingAsync(options, Token))
        {
            id = update is StreamingResponseCreatedUpdate created ? created.Response.Id : id;
            last = update.SequenceNumber;
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
            {
                text += delta.Delta;
                break;
            }
        }

        var end = ResponseStatus.Queued;
        await foreach (var update in await Client.GetResponseStreamingAsync(
            new GetResponseOptions(id) { StartingAfter = last, StreamingEnabled = true }, Token))
        {
            Assert.Equal(++last, update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            end = (update as StreamingResponseCompletedUpdate)?.Response.Status ?? end;
        }

        Assert.Equal((Capital, ResponseStatus.Completed), (text, end));
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_call()
    {
        var options = Ask("What is the weather in Paris?");
        options.Tools.Add(ResponseTool.CreateFunctionTool(
            "get_weather", BinaryData.FromString("""
                {"type":"object","properties":{"city":{"type":"string","description":"The city"}},"required":["city"]}
                """), strictModeEnabled: true, "Get the current weather for a location"));
        ResponseResult first = await Client.CreateResponseAsync(options, Token);
        var call = Assert.Single(first.OutputItems.OfType<FunctionCallResponseItem>());
        Assert.Equal("get_weather", call.FunctionName);
        Assert.Equal("Paris", JsonElement.Parse(call.FunctionArguments).GetProperty("city").GetString());
        foreach (var item in first.OutputItems)
        {
            options.InputItems.Add(item);
        }

        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(
            call.CallId, "{\"temperature\": 21, \"condition\": \"sunny\"}"));
        ResponseResult second = await Client.CreateResponseAsync(options, Token);
        Assert.Contains("21", second.GetOutputText());
    }

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var options = Ask(Question);
        options.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                "answer", BinaryData.FromString("""
                    {"type":"object","properties":{"capital":{"type":"string","maxLength":20}},
                     "required":["capital"],"additionalProperties":false}
                    """), jsonSchemaIsStrict: true),
        };
        ResponseResult answer = await Client.CreateResponseAsync(options, Token);
        Assert.Equal(JsonValueKind.String, JsonElement.Parse(answer.GetOutputText()).GetProperty("capital").ValueKind);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_cancels_what_goes_on()
    {
        await using var own = await HostedServer.StartAsync();
        var hold = own.Scheduler.HoldAtToken(sequence: 1, count: 4);
        var client = Connect(own.Address);
        var options = Ask("Count from 1 to 100.");
        options.BackgroundModeEnabled = true;
        ResponseResult running = await client.CreateResponseAsync(options, Token);
        await hold.Reached;
        ResponseResult canceled = await client.CancelResponseAsync(running.Id, Token);
        Assert.Equal(ResponseStatus.Cancelled, canceled.Status);
    }

    private static ResponsesClient Connect(Uri address) => new(
        new ApiKeyCredential("any"),
        new ResponsesClientOptions
        {
            Endpoint = new Uri(address, "/v1"),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });

    private static CreateResponseOptions Ask(string question, string? previousId = null) =>
        new(Model, [ResponseItem.CreateUserMessageItem(question)])
        {
            Temperature = 0,
            MaxOutputTokenCount = 64,
            PreviousResponseId = previousId,
            ReasoningOptions = new ResponseReasoningOptions
            {
                ReasoningEffortLevel = ResponseReasoningEffortLevel.None,
            },
        };
}
