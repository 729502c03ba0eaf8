namespace Ollama.Platform.Api.Streaming;

/// <summary>How a dialect of server-sent events writes an answer: its clients skip what says nothing.</summary>
internal interface IEventWriter : IAnswerWriter
{
    /// <summary>Writes a sign of life and flushes it, so that no proxy takes the connection for dead.</summary>
    ValueTask BeatAsync(CancellationToken cancellationToken);
}
