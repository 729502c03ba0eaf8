using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>
/// Writes an answer as the events of one message: blocks follow one another, and one is open at a time.
/// </summary>
internal sealed class MessageWriter : IAnswerWriter
{
    private readonly SseWriter _events;
    private readonly string _requestId;
    private string? _openType;
    private int _index = -1;
    private bool _called;

    /// <summary>Settles the headers and prepares the events in front of the first block.</summary>
    /// <param name="response">Where the events go.</param>
    /// <param name="model">The model as the client wrote it.</param>
    /// <param name="inputTokens">About how many tokens the prompt has.</param>
    public MessageWriter(HttpResponse response, string model, int inputTokens)
    {
        _requestId = AnthropicReply.Name(response);
        _events = SseWriter.Start(response);
        var message = new AnswerWire(
            AnswerMapping.NewMessageId(), model, [], StopReason: null, new UsageWire(inputTokens, 0, 0, 0));
        _events.Write(
            "message_start", new MessageStartWire("message_start", message), AnthropicJson.Default.MessageStartWire);
        Mark("ping");
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(GenerationChunk chunk, CancellationToken cancellationToken)
    {
        if (chunk.Thinking is { Length: > 0 } thinking)
        {
            Open("thinking", new BlockWire { Type = "thinking", Thinking = "", Signature = "" });
            Grow(new DeltaWire { Type = "thinking_delta", Thinking = thinking });
        }

        if (chunk.Content.Length > 0)
        {
            Open("text", new BlockWire { Type = "text", Text = "" });
            Grow(new DeltaWire { Type = "text_delta", Text = chunk.Content });
        }

        foreach (var call in chunk.ToolCalls)
        {
            AddCall(call);
        }

        if (chunk.FinishReason is { } reason)
        {
            Finish(reason, chunk.Usage);
        }

        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask FailAsync(ErrorReply reply, CancellationToken cancellationToken)
    {
        // The event takes the place of those that end a message.
        _events.Write("error", AnthropicReply.ToWire(_requestId, reply), AnthropicJson.Default.ErrorWire);
        return _events.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _events.Dispose();

    // A call is complete when it comes, so that its arguments are one piece.
    private void AddCall(ToolCall call)
    {
        _called = true;
        Close();
        Open("tool_use", AnswerMapping.ToBlock(call) with { Input = EmptyObject.Element });
        Grow(new DeltaWire
        {
            Type = "input_json_delta",
            PartialJson = JsonSerializer.Serialize(call.Arguments, AnthropicJson.Default.JsonElement),
        });
    }

    private void Finish(FinishReason reason, GenerationUsage? usage)
    {
        Close();
        var stop = new StopWire(AnswerMapping.StopReason(reason, _called));
        _events.Write(
            "message_delta",
            new MessageDeltaWire("message_delta", stop, AnswerMapping.ToWire(usage)),
            AnthropicJson.Default.MessageDeltaWire);
        Mark("message_stop");
    }

    private void Open(string type, BlockWire block)
    {
        if (_openType == type)
        {
            return;
        }

        Close();
        (_openType, _index) = (type, _index + 1);
        _events.Write(
            "content_block_start",
            new BlockStartWire("content_block_start", _index, block),
            AnthropicJson.Default.BlockStartWire);
    }

    private void Grow(DeltaWire delta) =>
        _events.Write(
            "content_block_delta",
            new BlockDeltaWire("content_block_delta", _index, delta),
            AnthropicJson.Default.BlockDeltaWire);

    private void Close()
    {
        if (_openType is null)
        {
            return;
        }

        _openType = null;
        _events.Write(
            "content_block_stop",
            new BlockStopWire("content_block_stop", _index),
            AnthropicJson.Default.BlockStopWire);
    }

    private void Mark(string type) => _events.Write(type, new MarkWire(type), AnthropicJson.Default.MarkWire);
}
