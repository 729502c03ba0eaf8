using System.Text;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary>
/// Puts a response together from the chunks of its run and tells every step as an event. Items follow one another, and
/// one is open at a time. Used by the task that reads the run.
/// </summary>
/// <param name="response">The response before anything was produced.</param>
/// <param name="time">The clock.</param>
/// <param name="emit">Takes each event.</param>
/// <param name="newId">Names the next item by its type.</param>
internal sealed class ResponseComposer(
    ResponseWire response, TimeProvider time, Action<ResponseEvent> emit, Func<string, string> newId)
{
    private readonly List<OutputItem> _done = [];
    private readonly StringBuilder _text = new();
    private readonly List<TokenWire> _tokens = [];
    private OutputItem? _open;
    private int _eventCount;
    private int _begunCallCount;

    /// <summary>The response as it is now.</summary>
    public ResponseWire Response { get; private set; } = response;

    /// <summary>Tells that there is a response, and that it waits for its turn or has begun.</summary>
    public void Announce()
    {
        Tell("response.created");
        if (Response.Status == ResponseStatus.Queued)
        {
            Tell("response.queued");
        }
        else
        {
            Tell("response.in_progress");
        }
    }

    /// <summary>Adds what a chunk brings; the last one ends the response.</summary>
    public void Add(GenerationChunk chunk)
    {
        if (Response.Status == ResponseStatus.Queued)
        {
            Response = Response with { Status = ResponseStatus.InProgress };
            Tell("response.in_progress");
        }

        if (chunk.Thinking is { Length: > 0 } thinking)
        {
            OpenReasoning();
            _text.Append(thinking);
            Emit(new ResponseEvent
            {
                Type = "response.reasoning_summary_text.delta",
                ItemId = _open!.Id,
                OutputIndex = _done.Count,
                SummaryIndex = 0,
                Delta = thinking,
            });
        }

        if (chunk.Content.Length > 0)
        {
            OpenMessage();
            AddText(chunk);
        }

        foreach (var piece in chunk.CallPieces)
        {
            AddPiece(piece);
        }

        foreach (var call in chunk.ToolCalls)
        {
            AddCall(call);
        }

        if (chunk.FinishReason is { } reason)
        {
            Finish(reason, chunk.Usage ?? new GenerationUsage());
        }
    }

    /// <summary>Ends the response as it once ended.</summary>
    public void End(ResponseWire whole)
    {
        if (whole.Output.Count > 0 && _done.Count == 0 && _open is null)
        {
            OpenMessage();
        }

        Close(whole.Output is [.., { Status: { } status }] ? status : OutputItem.Completed);
        Response = whole;
        Tell(whole.Status == ResponseStatus.Incomplete ? "response.incomplete" : "response.completed");
    }

    /// <summary>Ends the response with a failure.</summary>
    public void Fail(ErrorReply reply)
    {
        Close(OutputItem.Incomplete);
        Response = Response with
        {
            Status = ResponseStatus.Failed,
            Error = new FailureWire(ResponseStatus.FailureCode(reply.Status), reply.Message),
        };
        Tell("response.failed");
    }

    /// <summary>Ends the response because nobody wants it any more. OpenAI has no event for that.</summary>
    /// <returns>The number that the next event would have.</returns>
    public int Cancel()
    {
        Close(OutputItem.Incomplete);
        Response = Response with { Status = ResponseStatus.Cancelled };
        return _eventCount++;
    }

    private void OpenReasoning()
    {
        if (_open?.Type == "reasoning")
        {
            return;
        }

        Open(new OutputItem { Id = newId("reasoning"), Type = "reasoning", Summary = [] });
        Emit(OfItem("response.reasoning_summary_part.added") with { SummaryIndex = 0, Part = new SummaryPart("") });
    }

    private void OpenMessage()
    {
        if (_open?.Type == "message")
        {
            return;
        }

        Open(new OutputItem
        {
            Id = newId("message"),
            Type = "message",
            Status = OutputItem.InProgress,
            Role = "assistant",
            Content = [],
        });
        Emit(OfItem("response.content_part.added") with { ContentIndex = 0, Part = new ContentPart("", []) });
    }

    private void AddText(GenerationChunk chunk)
    {
        var tokens = TokenWire.Of(chunk.LogProbs);
        _text.Append(chunk.Content);
        _tokens.AddRange(tokens);
        Emit(new ResponseEvent
        {
            Type = "response.output_text.delta",
            ItemId = _open!.Id,
            OutputIndex = _done.Count,
            ContentIndex = 0,
            Delta = chunk.Content,
            LogProbs = tokens,
        });
    }

    private void AddPiece(ToolCallPiece piece)
    {
        if (piece.Index >= _begunCallCount)
        {
            OpenCall(piece.Index, piece.Id, piece.Name ?? "");
        }

        AddArguments(piece.Arguments);
    }

    private void AddCall(ToolCall call)
    {
        // A call that came in pieces is not sent again; this is its end.
        if (call.Index >= _begunCallCount)
        {
            OpenCall(call.Index, call.Id, call.Name);
            AddArguments(WireWriter.ToText(call.Arguments));
        }

        if (call.Index == _begunCallCount - 1 && _open?.Type == "function_call")
        {
            Close(OutputItem.Completed);
        }
    }

    private void OpenCall(int index, string? id, string name)
    {
        _begunCallCount = index + 1;
        Open(new OutputItem
        {
            Id = newId("function_call"),
            Type = "function_call",
            Status = OutputItem.InProgress,
            CallId = string.IsNullOrEmpty(id) ? ResponseIds.Call() : id,
            Name = name,
            Arguments = "",
        });
    }

    private void AddArguments(string text)
    {
        if (text.Length > 0)
        {
            _text.Append(text);
            Emit(OfItem("response.function_call_arguments.delta") with { Delta = text });
        }
    }

    private void Finish(FinishReason reason, GenerationUsage usage)
    {
        if (_done.Count == 0 && _open is null)
        {
            // Clients expect a text, if only an empty one.
            OpenMessage();
        }

        var isCut = reason == FinishReason.Length;
        Close(isCut ? OutputItem.Incomplete : OutputItem.Completed);
        Response = Response with
        {
            Status = isCut ? ResponseStatus.Incomplete : ResponseStatus.Completed,
            CompletedAt = isCut ? null : time.GetUtcNow().ToUnixTimeSeconds(),
            IncompleteDetails = isCut ? new IncompleteWire("max_output_tokens") : null,
            Usage = new UsageWire(
                usage.PromptTokenCount,
                new InputDetailsWire(usage.CachedTokenCount),
                usage.CompletionTokenCount,
                new OutputDetailsWire(usage.ThinkingTokenCount),
                usage.PromptTokenCount + usage.CompletionTokenCount),
        };
        Tell(isCut ? "response.incomplete" : "response.completed");
    }

    private void Open(OutputItem item)
    {
        Close(OutputItem.Completed);
        _open = item;
        Emit(new ResponseEvent { Type = "response.output_item.added", OutputIndex = _done.Count, Item = item });
    }

    private void Close(string status)
    {
        if (_open is null)
        {
            return;
        }

        var text = _text.ToString();
        var item = _open.Type switch
        {
            "reasoning" => CloseReasoning(text),
            "message" => CloseMessage(text, status),
            _ => CloseCall(text, status),
        };
        Emit(new ResponseEvent { Type = "response.output_item.done", OutputIndex = _done.Count, Item = item });
        _done.Add(item);
        Response = Response with { Output = [.. _done] };
        _open = null;
        _text.Clear();
        _tokens.Clear();
    }

    private OutputItem CloseReasoning(string text)
    {
        var part = new SummaryPart(text);
        Emit(OfItem("response.reasoning_summary_text.done") with { SummaryIndex = 0, Text = text });
        Emit(OfItem("response.reasoning_summary_part.done") with { SummaryIndex = 0, Part = part });
        return _open! with { Summary = [part], EncryptedContent = text };
    }

    private OutputItem CloseMessage(string text, string status)
    {
        TokenWire[] tokens = [.. _tokens];
        var part = new ContentPart(text, tokens);
        Emit(OfItem("response.output_text.done") with { ContentIndex = 0, Text = text, LogProbs = tokens });
        Emit(OfItem("response.content_part.done") with { ContentIndex = 0, Part = part });
        return _open! with { Content = [part], Status = status };
    }

    private OutputItem CloseCall(string arguments, string status)
    {
        Emit(OfItem("response.function_call_arguments.done") with { Name = _open!.Name, Arguments = arguments });
        return _open with { Arguments = arguments, Status = status };
    }

    private void Tell(string type) => Emit(new ResponseEvent { Type = type, Response = Response });

    private void Emit(ResponseEvent what)
    {
        what.SequenceNumber = _eventCount++;
        emit(what);
    }

    private ResponseEvent OfItem(string type) =>
        new() { Type = type, ItemId = _open!.Id, OutputIndex = _done.Count };
}
