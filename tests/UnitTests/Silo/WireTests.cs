using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Wire;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What crosses silos arrives as it was sent, and nothing else arrives.</summary>
public sealed class WireTests
{
    private static readonly LoadPlan Plan =
        LoadPlanner.Plan(ScriptedLibrary.Describe("owner/m:7b"), new ModelOptions(), 64, new SiloOptions());

    [Fact]
    public void A_generation_arrives_whole()
    {
        var arguments = JsonDocument.Parse("""{"b":1,"a":[null,1.5,"\u0000"]}""").RootElement;
        var sent = new ReplicaGeneration
        {
            Plan = Plan,
            Request = new GenerationRequest
            {
                Model = "m",
                Kind = GenerationKind.Chat,
                Messages =
                [
                    new ChatMessage
                    {
                        Role = "user", Content = "\ud83d\ude00\n<&>", Images = [new byte[] { 0, 255 }],
                        ToolCalls = [new ToolCall { Name = "f", Arguments = arguments }],
                    },
                ],
                Think = new ThinkSetting(true, "high"),
                ToolChoice = new ToolChoice { Required = true, Name = "f", ManyCalls = false },
                Options = new Dictionary<string, JsonElement> { ["temperature"] = arguments.GetProperty("b") },
                KeepAlive = Timeout.InfiniteTimeSpan,
                Context = [1, 2, 3],
            },
        };
        var got = Copy(sent, ClusterJson.Default.ReplicaGeneration);
        Assert.Equal(Plan.Model.Name, got.Plan.Model.Name);
        Assert.Equal(LoadKey.Of(Plan), LoadKey.Of(got.Plan));
        var message = Assert.Single(got.Request.Messages);
        Assert.Equal("\ud83d\ude00\n<&>", message.Content);
        Assert.Equal([0, 255], message.Images[0].ToArray());
        Assert.Equal(arguments.GetRawText(), message.ToolCalls[0].Arguments.GetRawText());
        Assert.Equal(sent.Request.Think, got.Request.Think);
        Assert.Equal(sent.Request.ToolChoice, got.Request.ToolChoice);
        Assert.Equal(1, got.Request.Options["temperature"].GetInt32());
        Assert.Equal(Timeout.InfiniteTimeSpan, got.Request.KeepAlive);
        Assert.Equal([1, 2, 3], got.Request.Context);
    }

    [Fact]
    public void Replies_arrive_whole()
    {
        var refusal = new Refusal(ModelErrorCode.QueueFull, "m", "why");
        Assert.Equal(refusal, Copy(new ReplicaReply { Refusal = refusal }, ClusterJson.Default.ReplicaReply).Refusal);
        float[] vector = [1.1f, float.MinValue, float.Epsilon, -0f];
        var embedded = new ReplicaReply { Embedding = new EmbeddingResult { Vectors = [vector] } };
        Assert.Equal(vector, Copy(embedded, ClusterJson.Default.ReplicaReply).Embedding!.Vectors[0]);
        var piece = new ToolCallPiece(2, "{") { Id = "c", Name = "f" };
        var chunk = new GenerationChunk
        {
            LogProbs = [new TokenLogProb("x", double.NegativeInfinity, [1], [])],
            CallPieces = [piece],
            StopSequence = "END",
        };
        var got = Copy(new ReplicaReply { Chunk = chunk }, ClusterJson.Default.ReplicaReply).Chunk!;
        Assert.Equal(double.NegativeInfinity, got.LogProbs[0].LogProb);
        Assert.Equal(piece, Assert.Single(got.CallPieces));
        Assert.Equal("END", got.StopSequence);
        Assert.Equal(ReplicaReply.Heartbeat, Copy(ReplicaReply.Heartbeat, ClusterJson.Default.ReplicaReply));
        var admitted = new AdmissionReply { Replica = new ReplicaKey(LoadKey.Of(Plan), 3) };
        Assert.Equal(admitted, Copy(admitted, ClusterJson.Default.AdmissionReply));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\u0002{}")]
    [InlineData("\u0001")]
    [InlineData("\u0001null")]
    [InlineData("\u0001{\"Replica\":\"x#0\"}")]
    [InlineData("\u0001{\"Replica\":12}")]
    [InlineData("\u0001{\"LoadDuration\":\"soon\"}")]
    [InlineData("\u0001[[[[[[")]
    public void Bytes_that_are_no_message_are_refused(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var refused = Assert.Throws<ModelException>(
            () => ClusterEncoding.Decode(bytes, ClusterJson.Default.AdmissionReply));
        Assert.Equal(ModelErrorCode.Unsupported, refused.Refusal.Code);
    }

    [Fact]
    public void Fields_of_a_newer_silo_are_skipped()
    {
        var bytes = Encoding.UTF8.GetBytes("\u0001{\"Later\":{\"a\":1},\"QueueWait\":\"00:00:01\"}");
        var reply = ClusterEncoding.Decode(bytes, ClusterJson.Default.AdmissionReply);
        Assert.Equal(TimeSpan.FromSeconds(1), reply.QueueWait);
    }

    [Fact]
    public void A_load_key_names_weights_and_load_time_options_and_nothing_else()
    {
        var key = LoadKey.Of(Plan);
        var alias =
            Plan with { Model = Plan.Model with { Name = ScriptedLibrary.Describe("other").Name, System = "S" } };
        Assert.Equal(key, LoadKey.Of(alias));
        Assert.Equal(key, LoadKey.Of(Plan with { Model = Plan.Model with { Adapters = [Plan.Model.Weights] } }));
        var embedding = Plan with { Embedding = true };
        Assert.Equal(
            LoadKey.Of(embedding),
            LoadKey.Of(embedding with { Model = Plan.Model with { Adapters = [Plan.Model.Weights] } }));
        var draft = new DraftDescription(Plan.Model.Weights, Plan.Model.WeightsDescription);
        Assert.Equal(
            LoadKey.Of(Plan with { Draft = draft }), LoadKey.Of(Plan with { Draft = draft with { Name = "d" } }));
        LoadPlan[] others =
        [
            Plan with { ContextTokens = 65 }, Plan with { BatchTokens = 33 }, Plan with { GpuLayerCount = 0 },
            Plan with { MainGpu = 0 }, Plan with { MemoryMapped = false }, Plan with { ThreadCount = 1 },
            Plan with { KeyValueType = KeyValueType.Q8_0 }, Plan with { FlashAttention = false },
            Plan with { RopeFrequencyBase = 1f }, Plan with { RopeFrequencyScale = 1f },
            Plan with { Embedding = true }, Plan with { Model = ScriptedLibrary.Describe("n") },
            Plan with { Draft = draft },
            Plan with { Model = Plan.Model with { Projectors = [Plan.Model.Weights] } },
        ];
        Assert.Equal(others.Length + 1, others.Select(LoadKey.Of).Append(key).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("#0")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000#")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000#-1")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000G#0")]
    public void A_text_that_is_no_replica_key_is_refused(string text) => Assert.False(ReplicaKey.TryParse(text, out _));

    [Fact]
    public void A_replica_key_is_read_back()
    {
        var key = new ReplicaKey(LoadKey.Of(Plan), 12);
        Assert.True(ReplicaKey.TryParse(key.ToString(), out var read));
        Assert.Equal(key, read);
    }

    private static T Copy<T>(T record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        ClusterEncoding.Decode(ClusterEncoding.Encode(record, type), type);
}
