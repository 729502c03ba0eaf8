using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Api.Streaming;

/// <summary>How a run is read and left.</summary>
public sealed class AnswerStreamTests
{
    [Fact]
    public async Task A_stream_that_cannot_begin_at_its_first_sign_of_life_is_refused_and_its_run_left()
    {
        var time = new ManualTimeProvider();
        var options = Options.Create(new ApiOptions());
        var guard = new RouteGuard(new RunningRequests(), NullLogger<RouteGuard>.Instance);
        var request = new ApiRequest(new DefaultHttpContext(), RouteKind.Chat);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = false;
        var refused = await Assert.ThrowsAsync<ModelException>(() =>
            new AnswerStream(guard, time, options).WriteEventsAsync(request, RunAsync(Cancel), _ =>
            {
                // The run goes on only now, so that it is being read when the answer fails.
                begun.SetResult();
                throw new ModelException(ModelErrorCode.QueueFull);
            }));
        Assert.Equal(ModelErrorCode.QueueFull, refused.Refusal.Code);
        Assert.True(left);

        async IAsyncEnumerable<GenerationChunk> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                time.Advance(options.Value.HeartbeatInterval);
                await begun.Task.WaitAsync(cancellationToken);
                yield return new GenerationChunk();
            }
            finally
            {
                left = true;
            }
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
