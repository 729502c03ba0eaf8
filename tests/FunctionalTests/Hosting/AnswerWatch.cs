using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ollama.Platform.UnitTests.Api.OpenApi;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>
/// Keeps every answer that a server gives, whoever asked, until they are judged by the server's own specification.
/// </summary>
internal sealed class AnswerWatch : IStartupFilter
{
    private readonly ConcurrentQueue<(string Method, string Path, int Status, string? Type, byte[] Body)> _answers = [];

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(WatchAsync);
        next(app);
    };

    /// <summary>What is wrong with the answers so far, and of how many the specification speaks.</summary>
    public (int Count, IReadOnlyList<string> Errors) Judge(SpecificationJudge judge)
    {
        var (count, errors) = (0, new List<string>());
        while (_answers.TryDequeue(out var answer))
        {
            if (judge.Find(answer.Method, answer.Path) is { } operation)
            {
                count++;
                if (judge.JudgeAnswer(
                    operation, answer.Status, answer.Type, Encoding.UTF8.GetString(answer.Body)) is { } error)
                {
                    errors.Add($"{answer.Method} {answer.Path}: {error}");
                }
            }
        }

        return (count, errors);
    }

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        var direct = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var copy = new CopyingStream(direct.Stream);
        var watched = new StreamResponseBodyFeature(copy, direct);
        context.Features.Set<IHttpResponseBodyFeature>(watched);
        try
        {
            await next(context);
            await watched.CompleteAsync();
        }
        finally
        {
            context.Features.Set(direct);
        }

        // What was cut is no whole answer.
        if (!context.RequestAborted.IsCancellationRequested)
        {
            _answers.Enqueue((
                context.Request.Method, context.Request.Path.Value ?? "", context.Response.StatusCode,
                context.Response.ContentType, copy.ToArray()));
        }
    }

    /// <summary>Passes on what is written and keeps a copy.</summary>
    private sealed class CopyingStream(Stream target) : Stream
    {
        private readonly MemoryStream _copy = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public byte[] ToArray() => _copy.ToArray();

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _copy.Write(buffer.Span);
            await target.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            _copy.Write(buffer, offset, count);
            target.Write(buffer, offset, count);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            // The target is the server's.
            _copy.Dispose();
            base.Dispose(disposing);
        }
    }
}
