using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>Tells when the server has begun and ended the requests that a test named.</summary>
internal sealed class RequestLog : IStartupFilter
{
    /// <summary>The header with the name.</summary>
    public const string Header = "X-Test-Request";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _begun = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ended = new();

    public Task BegunAsync(string name) => Of(_begun, name).Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Everything of the request has returned, the cancelling included.</summary>
    public Task EndedAsync(string name) => Of(_ended, name).Task.WaitAsync(TestContext.Current.CancellationToken);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(WatchAsync);
        next(app);
    };

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[Header] is not [{ } name])
        {
            await next(context);
            return;
        }

        Of(_begun, name).TrySetResult();
        try
        {
            await next(context);
        }
        finally
        {
            Of(_ended, name).TrySetResult();
        }
    }

    private static TaskCompletionSource Of(ConcurrentDictionary<string, TaskCompletionSource> all, string name) =>
        all.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
