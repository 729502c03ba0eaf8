using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Grpc;

/// <summary>gRPC's JavaScript client against the real host; it knows only what the server tells of itself.</summary>
public sealed class GrpcClientTests(GrpcServerFixture fixture) : IClassFixture<GrpcServerFixture>
{
    private const string Capital = "The capital of France is Paris.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_learns_from_the_server_what_there_is() => Assert.Equal(
        [
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
            "ollama.Ollama", "ollama.v1.BlobService", "ollama.v1.EmbeddingService", "ollama.v1.InferenceService",
            "ollama.v1.ModelService", "ollama.v1.TokenizeService",
        ],
        Texts((await RunAsync("reflection")).GetProperty("services")));

    [Fact]
    public async Task It_chats()
    {
        var chat = await RunAsync("chat");
        Assert.Equal(Capital, chat.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("DONE_REASON_STOP", chat.GetProperty("done_reason").GetString());
        Assert.Equal("one", chat.GetProperty("request_id").GetString());
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task It_streams_a_chat()
    {
        var chat = await RunAsync("chatStream");
        Assert.Equal(Capital, chat.GetProperty("text").GetString());

        // Where the machine is busy, what has gathered comes in one message; the last has no text.
        Assert.True(chat.GetProperty("count").GetInt32() > 1);
        Assert.True(chat.GetProperty("numbered").GetBoolean());
        Assert.Equal(1, chat.GetProperty("done").EnumerateArray().Count(done => done.GetBoolean()));
        Assert.Equal("DONE_REASON_STOP", chat.GetProperty("reason").GetString());
        Assert.True(chat.GetProperty("id").GetBoolean());
        Assert.True(chat.GetProperty("queued").GetBoolean());
        AssertCounted(chat.GetProperty("usage"));
    }

    [Fact]
    public async Task A_greedy_request_gets_the_same_text_as_natively()
    {
        var native = await fixture.Server.AskAsync(
            "/api/chat",
            "{\"model\":\"tiny-chat\",\"stream\":false,\"think\":false,\"options\":{\"temperature\":0,"
            + "\"num_predict\":40},\"messages\":[{\"role\":\"user\",\"content\":\"Count from 1 to 20.\"}]}");
        var text = native.GetProperty("message").GetProperty("content").GetString();
        Assert.NotEmpty(text!);
        var count = await RunAsync("count");
        Assert.Equal(text, count.GetProperty("whole").GetString());
        Assert.Equal(text, count.GetProperty("streamed").GetString());
    }

    [Fact]
    public async Task It_completes_a_prompt_as_natively()
    {
        var native = await fixture.Server.AskAsync(
            "/api/generate",
            "{\"model\":\"tiny-chat\",\"stream\":false,\"raw\":true,\"prompt\":\"The capital of France is\","
            + "\"options\":{\"temperature\":0,\"num_predict\":12}}");
        var generated = await RunAsync("generate");
        Assert.Equal(native.GetProperty("response").GetString(), generated.GetProperty("whole").GetString());
        Assert.Equal(native.GetProperty("response").GetString(), generated.GetProperty("streamed").GetString());
        Assert.Equal(2, generated.GetProperty("tops").GetInt32());
        Assert.True(generated.GetProperty("probable").GetBoolean());
    }

    [Fact]
    public async Task It_separates_reasoning_from_the_answer()
    {
        var chat = await RunAsync("thinking");
        Assert.True(chat.GetProperty("thought").GetBoolean());
        Assert.Equal(Capital, chat.GetProperty("content").GetString());
    }

    [Fact]
    public async Task It_makes_a_round_trip_with_a_tool_call()
    {
        var trip = await RunAsync("tools");
        var call = Assert.Single(trip.GetProperty("calls").EnumerateArray());
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        Assert.Equal("{\"city\":\"Paris\"}", call.GetProperty("arguments_json").GetString()!.Replace(" ", ""));
        Assert.Equal("DONE_REASON_TOOL_CALLS", trip.GetProperty("reason").GetString());
        Assert.Contains("21", trip.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task It_gets_what_its_schema_says()
    {
        var answer = await RunAsync("format");
        Assert.Equal(["capital", "sure"], answer.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task It_embeds_in_both_forms_what_is_embedded_natively()
    {
        var embedded = await RunAsync("embed");
        Assert.Equal([128, 128], embedded.GetProperty("lengths").EnumerateArray().Select(one => one.GetInt32()));
        Assert.True(embedded.GetProperty("same").GetBoolean());
        Assert.Equal(32, embedded.GetProperty("short").GetInt32());
        Assert.True(embedded.GetProperty("counted").GetBoolean());
        var native = await fixture.Server.AskAsync(
            "/api/embed", "{\"model\":\"tiny-embed\",\"input\":\"What is the capital of France?\"}");
        var expected = native.GetProperty("embeddings")[0].EnumerateArray().Select(one => one.GetDouble());
        var actual = embedded.GetProperty("first").EnumerateArray().Select(one => one.GetDouble());
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.001));
    }

    [Fact]
    public async Task It_streams_texts_and_gets_a_vector_or_a_reason_for_each()
    {
        var stream = await RunAsync("embedStream");
        Assert.Equal(100, stream.GetProperty("ids").GetInt32());
        Assert.Equal(99, stream.GetProperty("vectors").GetInt32());
        var error = Assert.Single(stream.GetProperty("errors").EnumerateArray());
        Assert.Equal("50", error.GetProperty("id").GetString());
        Assert.Equal("INPUT_TOO_LONG", error.GetProperty("reason").GetString());
        Assert.True(stream.GetProperty("close").GetBoolean());
    }

    [Fact]
    public async Task It_makes_copies_and_deletes_models_and_watches_them()
    {
        var models = await RunAsync("models");
        Assert.Equal("success", models.GetProperty("steps").EnumerateArray().Last().GetString());
        Assert.Equal("Be brief.", models.GetProperty("system").GetString());
        Assert.Contains("temperature", Texts(models.GetProperty("parameters")));
        Assert.Equal("llama", models.GetProperty("architecture").GetString());
        Assert.Contains("tools", Texts(models.GetProperty("capabilities")));
        Assert.Equal(
            ["copied:latest", "made:latest", "tiny-chat:latest", "tiny-embed:latest"],
            Texts(models.GetProperty("names")));
        var events = Texts(models.GetProperty("events"));
        Assert.Contains("ADDED tiny-chat:latest", events);
        Assert.Contains("ADDED made:latest", events);
        Assert.Equal("REMOVED made:latest", events[^1]);
    }

    [Fact]
    public async Task It_brings_a_blob_goes_on_where_it_broke_off_and_gets_it_back()
    {
        var blobs = await RunAsync("blobs");
        Assert.Equal("[false,0]", blobs.GetProperty("before").GetRawText());
        AssertRefused(blobs.GetProperty("broken"), "INVALID_ARGUMENT", "REQUEST_INVALID");
        Assert.Equal(100_000, blobs.GetProperty("between").GetInt32());
        AssertRefused(blobs.GetProperty("misplaced"), "FAILED_PRECONDITION", "OFFSET_MISMATCH");
        Assert.True(blobs.GetProperty("uploaded").GetProperty("created").GetBoolean());
        Assert.False(blobs.GetProperty("again").GetBoolean());
        Assert.Equal("[true,300000]", blobs.GetProperty("after").GetRawText());
        Assert.True(blobs.GetProperty("whole").GetBoolean());
        Assert.Equal(300_000, blobs.GetProperty("size").GetInt32());
        Assert.True(blobs.GetProperty("part").GetBoolean());
        AssertRefused(blobs.GetProperty("missing"), "NOT_FOUND", "BLOB_NOT_FOUND");
        AssertRefused(blobs.GetProperty("beyond"), "OUT_OF_RANGE", "RANGE_INVALID");
        AssertRefused(blobs.GetProperty("wrong"), "DATA_LOSS", "DIGEST_MISMATCH");
    }

    [Fact]
    public async Task It_gets_tokens_and_their_text_as_natively()
    {
        var tokens = await RunAsync("tokens");
        var native = await fixture.Server.AskAsync(
            "/api/tokenize", "{\"model\":\"tiny-chat\",\"text\":\"What is the capital of France?\"}");
        Assert.Equal(native.GetProperty("tokens").GetRawText(), tokens.GetProperty("tokens").GetRawText());
        Assert.Equal("What is the capital of France?", tokens.GetProperty("text").GetString());
        AssertRefused(tokens.GetProperty("beyond"), "INVALID_ARGUMENT", "REQUEST_INVALID");
        AssertRefused(tokens.GetProperty("missing"), "NOT_FOUND", "MODEL_NOT_FOUND");
    }

    [Fact]
    public async Task It_asks_for_health()
    {
        var health = await RunAsync("health");
        Assert.Equal("SERVING", health.GetProperty("server").GetString());
        Assert.Equal("SERVING", health.GetProperty("one").GetString());
        AssertRefused(health.GetProperty("unknown"), "NOT_FOUND", "SERVICE_UNKNOWN");
        Assert.Contains("tiny-embed:latest", Texts(health.GetProperty("loaded")));
        Assert.Equal("SERVING", health.GetProperty("watched").GetString());
    }

    [Fact]
    public async Task One_service_has_the_most_used_calls()
    {
        var single = await RunAsync("single");
        Assert.Contains("tiny-chat:latest", Texts(single.GetProperty("models")));
        Assert.Equal(Capital, single.GetProperty("chat").GetString());
        Assert.True(single.GetProperty("generated").GetBoolean());
        Assert.Equal(128, single.GetProperty("embedded").GetInt32());
        AssertRefused(single.GetProperty("pull"), "INVALID_ARGUMENT", "REQUEST_INVALID");
    }

    [Fact]
    public async Task It_ends_calls_by_leaving_by_id_and_by_deadline()
    {
        var cancel = await RunAsync("cancel");
        Assert.Equal(1, cancel.GetProperty("canceled").GetInt32());
        AssertRefused(cancel.GetProperty("byId"), "CANCELLED", "CANCELED");
        Assert.Equal("CANCELLED", cancel.GetProperty("byClient").GetProperty("code").GetString());
        Assert.Equal("DEADLINE_EXCEEDED", cancel.GetProperty("late").GetProperty("code").GetString());
        AssertRefused(cancel.GetProperty("unknown"), "NOT_FOUND", "REQUEST_NOT_FOUND");
    }

    [Fact]
    public async Task Each_mistake_has_its_status_and_its_reason()
    {
        var refusals = await RunAsync("refusals");
        string[] expected =
        [
            "missing NOT_FOUND MODEL_NOT_FOUND", "name INVALID_ARGUMENT NAME_INVALID",
            "nameless INVALID_ARGUMENT REQUEST_INVALID", "empty INVALID_ARGUMENT REQUEST_INVALID",
            "streamed NOT_FOUND MODEL_NOT_FOUND", "option INVALID_ARGUMENT OPTION_INVALID",
            "twice INVALID_ARGUMENT OPTION_INVALID", "schema INVALID_ARGUMENT FORMAT_INVALID",
            "tool INVALID_ARGUMENT REQUEST_INVALID", "call INVALID_ARGUMENT REQUEST_INVALID",
            "level INVALID_ARGUMENT REQUEST_INVALID", "tops INVALID_ARGUMENT REQUEST_INVALID",
            "keep INVALID_ARGUMENT REQUEST_INVALID", "beat INVALID_ARGUMENT REQUEST_INVALID",
            "priority INVALID_ARGUMENT REQUEST_INVALID", "id INVALID_ARGUMENT REQUEST_ID_INVALID",
            "long OUT_OF_RANGE CONTEXT_EXCEEDED", "chatless UNIMPLEMENTED CAPABILITY_MISSING",
            "vectorless UNIMPLEMENTED EMBEDDING_UNSUPPORTED", "dimensions INVALID_ARGUMENT REQUEST_INVALID",
            "encoding INVALID_ARGUMENT REQUEST_INVALID", "shown NOT_FOUND MODEL_NOT_FOUND",
            "copied NOT_FOUND MODEL_NOT_FOUND", "created INVALID_ARGUMENT REQUEST_INVALID",
        ];
        Assert.Equal(
            expected,
            from refusal in refusals.EnumerateObject()
            where refusal.Value.ValueKind == JsonValueKind.Object
            select $"{refusal.Name} {refusal.Value.GetProperty("code")} {refusal.Value.GetProperty("reason")}");
        Assert.Equal("model 'nope' not found", refusals.GetProperty("missing").GetProperty("message").GetString());
        Assert.Equal(Capital, refusals.GetProperty("alive").GetString());
    }

    private static void AssertRefused(JsonElement refusal, string code, string reason)
    {
        Assert.Equal(code, refusal.GetProperty("code").GetString());
        Assert.Equal(reason, refusal.GetProperty("reason").GetString());
        Assert.Equal("ollama", refusal.GetProperty("domain").GetString());
    }

    private static void AssertCounted(JsonElement usage)
    {
        Assert.True(usage.GetProperty("prompt_tokens").GetInt32() > 0);
        Assert.True(usage.GetProperty("completion_tokens").GetInt32() > 0);
        Assert.True(usage.GetProperty("total_duration_ns").GetInt64() > 0);
    }

    private static List<string> Texts(JsonElement list) =>
        [.. list.EnumerateArray().Select(element => element.GetString()!)];

    private Task<JsonElement> RunAsync(string scenario) =>
        NodeClient.RunAsync("grpc.mjs", fixture.Server.GrpcAddress, scenario, Token);
}
