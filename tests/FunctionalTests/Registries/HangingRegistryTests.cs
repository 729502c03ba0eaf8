using Microsoft.AspNetCore.Http;
using Ollama.Platform.UnitTests;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>
/// Registries that take a request and never answer, or never finish: whoever waits is told, and nothing waits for ever.
/// </summary>
public sealed class HangingRegistryTests
{
    // No other timer of the host has this length: it ends when a request hangs, however slow the machine is.
    private static readonly TimeSpan StallTimeMax = TimeSpan.FromMinutes(31);

    // What is read whole may take ten times as long.
    private static readonly TimeSpan ReadTimeMax = StallTimeMax * 10;

    private readonly Patience _patience = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData("manifest", 0, "pull model manifest: max retries exceeded: Get \"http://REGISTRY/v2/library/scripted/"
        + "manifests/latest\": no answer")]
    [InlineData("manifest", 9, "pull model manifest: max retries exceeded: Get \"http://REGISTRY/v2/library/scripted/"
        + "manifests/latest\": the answer stands still")]
    [InlineData("token", 0, "pull model manifest: max retries exceeded: Get \"http://REGISTRY/token\": no answer")]
    [InlineData("token", 9, "pull model manifest: max retries exceeded: Get \"http://REGISTRY/token\": "
        + "the answer stands still")]
    [InlineData("blob", 0, "max retries exceeded: the registry sends nothing")]
    [InlineData("complaint", 9, "pull model manifest: 403: Forbidden")]
    public async Task A_pull_ends_when_nothing_comes(string place, int bytes, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(100_000);
        registry.Script = async (context, stage, _) =>
        {
            if (stage == $"GET {place}" || (place == "complaint" && stage == "GET manifest"))
            {
                context.Response.StatusCode = place == "complaint" ? 403 : 200;
                await HangAsync(context, bytes);
                return true;
            }

            return place == "token" && Challenge(context, registry);
        };
        await using var server = await StartAsync();

        Assert.Equal(
            expected.Replace("REGISTRY", registry.Host, StringComparison.Ordinal),
            await server.FailAsync("pull", registry.Model));

        registry.Script = (_, _, _) => Task.FromResult(false);
        await server.SucceedAsync("pull", registry.Model);
        await server.AssertHasAsync(registry);
    }

    [Fact]
    public async Task A_pull_ends_when_bytes_only_drip_and_goes_on_from_them()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(100_000);
        registry.Script = async (context, stage, _) =>
        {
            var drips = stage == "GET blob" && context.Request.Path.Value!.EndsWith(digest, StringComparison.Ordinal);
            if (drips)
            {
                await DripAsync(context, registry.Blobs[digest]);
            }

            return drips;
        };
        await using var server = await RegistryHost.StartAsync(registry: options =>
        {
            options.AttemptsMax = 2;
            // Little enough that a small blob is in time on a machine that is busy, and more than what drips.
            (options.BytesPerSecondMin, options.SlowTimeMax) = (100, TimeSpan.FromSeconds(0.3));
        });

        Assert.StartsWith(
            "max retries exceeded: the registry sends too slowly: ", await server.FailAsync("pull", registry.Model),
            StringComparison.Ordinal);

        var askedCount = registry.Requests.Count(request => request.Stage == "GET blob");
        registry.Script = (_, _, _) => Task.FromResult(false);
        await server.SucceedAsync("pull", registry.Model);
        await server.AssertHasAsync(registry);
        Assert.DoesNotContain(
            registry.Requests.Where(request => request.Stage == "GET blob").Skip(askedCount),
            request => request.Range.StartsWith("bytes=0-6", StringComparison.Ordinal));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("HEAD blob", "max retries exceeded: Head \"http://REGISTRY/v2/library/scripted/blobs/")]
    [InlineData("POST upload", "max retries exceeded: Post \"http://REGISTRY/v2/library/scripted/blobs/uploads/\": ")]
    [InlineData("PATCH upload", "max retries exceeded: the registry takes nothing")]
    [InlineData("PUT upload", "max retries exceeded: Put \"http://REGISTRY/v2/library/scripted/blobs/uploads/")]
    [InlineData("PUT manifest", "max retries exceeded: Put \"http://REGISTRY/v2/library/scripted/manifests/latest\": ")]
    public async Task A_push_ends_when_no_answer_comes(string place, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Script = async (context, stage, _) =>
        {
            if (stage != place)
            {
                return false;
            }

            await HangAsync(context, 0);
            return true;
        };
        await using var server = await StartAsync(new byte[1000]);
        await server.PostAsync("/api/copy", $$"""{"source":"scripted","destination":"{{registry.Model}}"}""");

        Assert.StartsWith(
            expected.Replace("REGISTRY", registry.Host, StringComparison.Ordinal),
            await server.FailAsync("push", registry.Model), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_mirror_that_hangs_is_asked_once_and_one_with_other_bytes_is_passed_over()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var hanging = await ScriptedRegistry.StartAsync();
        await using var garbled = await ScriptedRegistry.StartAsync();
        await using var damaged = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(300_000);
        hanging.Script = async (context, _, _) =>
        {
            await HangAsync(context, 0);
            return true;
        };
        garbled.Manifest = "<html>"u8.ToArray();
        damaged.Manifest = registry.Manifest;
        foreach (var (blob, content) in registry.Blobs)
        {
            damaged.Blobs[blob] = blob == digest ? [.. content[..^1], (byte)~content[^1]] : content;
        }

        await using var server = await RegistryHost.StartAsync(
            settings: settings => settings with
            {
                Default = new Uri($"http://{registry.Host}"),
                Mirrors =
                [
                    .. new[] { hanging, garbled, damaged }.Select(mirror => new Uri($"http://{mirror.Host}")),
                ],
            },
            registry: options => options.StallTimeMax = StallTimeMax,
            time: _patience);

        await server.SucceedAsync("pull", "scripted");

        Assert.Equal(registry.Blobs[digest], await File.ReadAllBytesAsync(server.BlobPath(digest), Token));
        Assert.Single(hanging.Requests, request => request.Stage == "GET manifest");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(server.Store, "blobs"), "*-partial*"));
    }

    private Task<Hosting.HostedServer> StartAsync(byte[]? weights = null) => RegistryHost.StartAsync(
        weights is null ? null : store => store.Model("scripted", store.Layer("model", weights)),
        registry: options =>
        {
            options.AttemptsMax = 2;
            (options.StallTimeMax, options.CommitTimeMax) = (StallTimeMax, StallTimeMax);
        },
        time: _patience);

    private static bool Challenge(HttpContext context, ScriptedRegistry registry)
    {
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{registry.Host}/token\"";
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return true;
    }

    /// <summary>Sends a range byte by byte until the other side gives up.</summary>
    private static async Task DripAsync(HttpContext context, byte[] content)
    {
        var range = context.Request.GetTypedHeaders().Range!.Ranges.Single();
        var (from, to) = ((int)range.From!.Value, (int)range.To!.Value);
        context.Response.StatusCode = StatusCodes.Status206PartialContent;
        context.Response.Headers.ContentRange = $"bytes {from}-{to}/{content.Length}";
        context.Response.ContentLength = to + 1 - from;
        for (var sent = from; sent <= to && !context.RequestAborted.IsCancellationRequested; sent++)
        {
            await context.Response.Body.WriteAsync(content.AsMemory(sent, 1));
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Says that there is more to come, lets the time pass and waits for the other side to give up.</summary>
    private async Task HangAsync(HttpContext context, int bytes)
    {
        if (bytes > 0)
        {
            await context.Response.Body.WriteAsync(new byte[bytes]);
            await context.Response.Body.FlushAsync();

            // The other side has the headers, and waits for the rest.
            await _patience.Clock.WhenTimerIsArmedAsync(ReadTimeMax).WaitAsync(context.RequestAborted);
        }

        _patience.Clock.Advance(StallTimeMax);
        await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The real clock, but for how long a registry may be silent.</summary>
    private sealed class Patience : TimeProvider
    {
        public ManualTimeProvider Clock { get; } = new();

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            (dueTime == StallTimeMax || dueTime == ReadTimeMax ? Clock : System)
            .CreateTimer(callback, state, dueTime, period);
    }
}
