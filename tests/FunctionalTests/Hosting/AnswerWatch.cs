using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ollama.Platform.Api.Grpc;
using Ollama.Platform.UnitTests.Api.OpenApi;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>
/// Keeps every answer that a server gives, whoever asked, until they are judged by the server's own specification.
/// </summary>
internal sealed class AnswerWatch : IStartupFilter
{
    /// <summary>By document; one at a time may use one.</summary>
    private static readonly ConcurrentDictionary<string, SpecificationJudge> Judges = new();

    private readonly ConcurrentQueue<(string Method, string Path, int Status, string? Type, byte[] Body)> _answers = [];

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(WatchAsync);
        next(app);
    };

    /// <summary>Every answer so far must be as the server's specification says.</summary>
    public async Task JudgeAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var document = await client.GetStringAsync("/openapi.json", timeout.Token);
        var judge = Judges.GetOrAdd(document, static document => new SpecificationJudge(document));
        lock (judge)
        {
            var (count, errors) = Judge(judge);
            Assert.True(errors.Count == 0, $"Of {count} answers these are not described:\n{string.Join('\n', errors)}");
        }
    }

    /// <summary>What is wrong with the answers so far, and of how many the specification speaks.</summary>
    private (int Count, IReadOnlyList<string> Errors) Judge(SpecificationJudge judge)
    {
        var (count, errors) = (0, new List<string>());
        while (_answers.TryDequeue(out var answer))
        {
            // What the guards in front of all routes send away belongs to no route.
            if (answer is { Status: StatusCodes.Status403Forbidden, Body.Length: 0 })
            {
                continue;
            }

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
        if (context.Features.Get<GrpcPort>() is not null)
        {
            // Described by protos.
            await next(context);
            return;
        }

        var direct = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var copy = new CopyingStream(direct.Stream, context.Response);
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

    /// <summary>Passes on what is written and keeps a copy of what can be judged.</summary>
    private sealed class CopyingStream(Stream target, HttpResponse response) : Stream
    {
        private readonly MemoryStream _copy = new();

        // Weights and layers are no values, and may be large.
        private bool IsJudged => response.ContentType?.StartsWith("application/octet-stream") != true;

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
            Copy(buffer.Span);
            await target.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            Copy(buffer.AsSpan(offset, count));
            target.Write(buffer, offset, count);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Copy(ReadOnlySpan<byte> bytes)
        {
            if (IsJudged)
            {
                _copy.Write(bytes);
            }
        }

        protected override void Dispose(bool disposing)
        {
            // The target is the server's.
            _copy.Dispose();
            base.Dispose(disposing);
        }
    }
}
