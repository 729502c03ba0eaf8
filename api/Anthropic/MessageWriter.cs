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
internal sealed class MessageWriter : IEventWriter
{
    private readonly SseWriter _events;
    private readonly GenerationRequest _request;
    private readonly string _requestId;
    private readonly ThinkingSignature _signature = new();
    private string? _openType;
    private int _index = -1;
    private bool _sent;
    private int _begunCallCount;
    private int _callCount;

    /// <summary>Settles the headers and prepares the events in front of the first block.</summary>
    /// <param name="response">Where the events go.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="model">The model as the client wrote it.</param>
    public MessageWriter(HttpResponse response, GenerationRequest request, string model)
    {
        _request = request;
        _requestId = AnthropicReply.Name(response);
        _events = SseWriter.Start(response);
        var message = new AnswerWire(
            AnswerMapping.NewMessageId(), model, [], StopReason: null, StopSequence: null,
            new UsageWire(PromptEstimate.Tokens(request), 0, 0, 0));
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
            _signature.Add(thinking);
        }

        if (chunk.Content.Length > 0)
        {
            Open("text", new BlockWire { Type = "text", Text = "" });
            Grow(new DeltaWire { Type = "text_delta", Text = chunk.Content });
        }

        foreach (var piece in chunk.CallPieces)
        {
            AddPiece(piece);
        }

        foreach (var call in chunk.ToolCalls)
        {
            AddCall(call);
        }

        if (chunk.FinishReason is not null)
        {
            Finish(chunk);
        }

        return SendAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask BeatAsync(CancellationToken cancellationToken)
    {
        // The events that open the message hold one already.
        if (_sent)
        {
            Mark("ping");
        }

        return SendAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask FailAsync(ErrorReply reply, CancellationToken cancellationToken)
    {
        // The event takes the place of those that end a message.
        _events.Write("error", AnthropicReply.ToWire(_requestId, reply), AnthropicJson.Default.ErrorWire);
        return SendAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Dispose();
        _signature.Dispose();
    }

    private ValueTask SendAsync(CancellationToken cancellationToken)
    {
        _sent = true;
        return _events.FlushAsync(cancellationToken);
    }

    private void AddPiece(ToolCallPiece piece)
    {
        if (piece.Name is { } name)
        {
            _begunCallCount = piece.Index + 1;
            OpenCall(piece.Id, name);
        }

        if (piece.Arguments.Length > 0)
        {
            Grow(new DeltaWire { Type = "input_json_delta", PartialJson = piece.Arguments });
        }
    }

    private void AddCall(ToolCall call)
    {
        _callCount++;
        if (call.Index < _begunCallCount)
        {
            // It was sent while it grew.
            return;
        }

        OpenCall(call.Id, call.Name);
        Grow(new DeltaWire
        {
            Type = "input_json_delta",
            PartialJson = JsonSerializer.Serialize(call.Arguments, AnthropicJson.Default.JsonElement),
        });
    }

    private void OpenCall(string? id, string name)
    {
        Close();
        Open("tool_use", AnswerMapping.ToBlock(id, name) with { Input = EmptyObject.Element });
    }

    private void Finish(GenerationChunk last)
    {
        Close();
        // A call that was cut in the middle cannot be made.
        var called = _callCount > 0 && _callCount >= _begunCallCount;
        _events.Write(
            "message_delta",
            new MessageDeltaWire(
                "message_delta", AnswerMapping.ToStop(last, _request, called), AnswerMapping.ToWire(last.Usage)),
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

        if (_openType == "thinking")
        {
            Grow(new DeltaWire { Type = "signature_delta", Signature = _signature.Take() });
        }

        _openType = null;
        _events.Write(
            "content_block_stop",
            new BlockStopWire("content_block_stop", _index),
            AnthropicJson.Default.BlockStopWire);
    }

    private void Mark(string type) => _events.Write(type, new MarkWire(type), AnthropicJson.Default.MarkWire);
}
