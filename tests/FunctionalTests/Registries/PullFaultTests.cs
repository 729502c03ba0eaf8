using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>
/// A registry that fails in every way it can: a pull ends in a verified model or in a clear error, and then the next
/// one goes on from there.
/// </summary>
public sealed class PullFaultTests
{
    private const int WeightsBytes = (4 * RegistryHost.PartBytes) + 777;

    [Theory]
    [InlineData("none")]
    [InlineData("manifest cut")]
    [InlineData("manifest cut in the middle")]
    [InlineData("manifest 503")]
    [InlineData("blobs cut at once")]
    [InlineData("blobs cut in the middle")]
    [InlineData("blobs 500")]
    [InlineData("blobs 429")]
    [InlineData("blobs stall")]
    [InlineData("ranges shortened")]
    [InlineData("ranges ignored")]
    [InlineData("ranges ignored and cut")]
    public async Task A_passing_fault_costs_time_and_nothing_else(string fault)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(WeightsBytes);
        registry.Script = (context, stage, count) => PassingFaultAsync(registry, fault, context, stage, count);
        await using var server = await RegistryHost.StartAsync(
            registry: options =>
            {
                options.StallTimeMax = TimeSpan.FromSeconds(fault == "blobs stall" ? 0.3 : 30);

                // Less than was asked for is no failure at all.
                options.AttemptsMax = fault == "ranges shortened" ? 1 : options.AttemptsMax;
            });

        await server.SucceedAsync("pull", registry.Model);

        await server.AssertHasAsync(registry);
    }

    [Fact]
    public async Task Content_of_another_digest_is_refused_and_fetched_again_the_next_time()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(WeightsBytes);
        var good = registry.Blobs[digest];
        registry.Blobs[digest] = [.. good[..^1], (byte)~good[^1]];
        await using var server = await RegistryHost.StartAsync();

        var error = await server.FailAsync("pull", registry.Model);
        Assert.StartsWith($"digest mismatch, file must be downloaded again: want {digest}, got sha256:", error);
        Assert.False(File.Exists(server.BlobPath(digest)));
        Assert.False(File.Exists(server.ManifestPath(registry.Model)));

        registry.Blobs[digest] = good;
        await server.SucceedAsync("pull", registry.Model);
        await server.AssertHasAsync(registry);
    }

    [Fact]
    public async Task A_blob_of_another_length_is_refused_with_both_numbers()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(WeightsBytes);
        var good = registry.Blobs[digest];
        registry.Blobs[digest] = good[..^5];
        await using var server = await RegistryHost.StartAsync();

        Assert.Equal(
            $"blob {digest}: the registry has {good.Length - 5} bytes, the manifest says {good.Length}",
            await server.FailAsync("pull", registry.Model));

        registry.Blobs[digest] = good;
        await server.SucceedAsync("pull", registry.Model);
        await server.AssertHasAsync(registry);
    }

    [Fact]
    public async Task A_blob_that_the_disk_damaged_is_fetched_again_and_replaced()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(WeightsBytes);
        await using var server = await RegistryHost.StartAsync();
        await server.SucceedAsync("pull", registry.Model);
        var path = server.BlobPath(digest);
        var content = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        content[12345] ^= 4;
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));

        await server.SucceedAsync("pull", registry.Model);

        await server.AssertHasAsync(registry);
    }

    [Fact]
    public async Task What_the_disk_refuses_is_told_without_its_paths()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(WeightsBytes);
        await using var server = await RegistryHost.StartAsync();
        Directory.CreateDirectory(server.BlobPath(digest));

        Assert.Equal("The store could not be read or written.", await server.FailAsync("pull", registry.Model));
    }

    [Fact]
    public async Task What_arrived_before_a_failure_is_not_fetched_again()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(WeightsBytes);
        var thirdPart = $"bytes={2 * RegistryHost.PartBytes}-";
        registry.Script = (context, stage, _) => Task.FromResult(
            stage == "GET blob"
            && context.Request.Headers.Range.ToString().StartsWith(thirdPart, StringComparison.Ordinal)
            && Fail(context, StatusCodes.Status500InternalServerError, "out of order"));
        await using var server = await RegistryHost.StartAsync(registry: options => options.PartsAtOnce = 1);

        Assert.Equal("max retries exceeded: 500: out of order", await server.FailAsync("pull", registry.Model));

        registry.Script = (_, _, _) => Task.FromResult(false);
        registry.Requests.Clear();
        await server.SucceedAsync("pull", registry.Model);
        await server.AssertHasAsync(registry);
        var ranges = registry.Requests.Where(request => request.Stage == "GET blob").Select(request => request.Range);
        Assert.StartsWith(thirdPart, ranges.First(), StringComparison.Ordinal);
        Assert.Equal(3 + 1, ranges.Count());
    }

    [Theory]
    [InlineData("missing", "pull model manifest: file does not exist")]
    [InlineData("refused", "pull model manifest: 412: too new for you")]
    [InlineData("no json", "pull model manifest: ")]
    [InlineData("index", "pull model manifest: It is no manifest of one model: $ is not what it should be")]
    [InlineData("endless", "pull model manifest: the registry's answer is longer than 4194304 bytes")]
    [InlineData("denied", "pull model manifest: unauthorized: access denied")]
    [InlineData("redirect loop", "pull model manifest: stopped after 10 redirects")]
    [InlineData("no location", "pull model manifest: http: no Location header in response")]
    [InlineData("blob missing", "file does not exist")]
    [InlineData("tensors", "this model requires MLX support, but the MLX runtime is not available")]
    [InlineData("huge", "not enough disk space: ")]
    public async Task A_lasting_fault_is_told_and_changes_nothing(string fault, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(100);
        registry.Script = (context, stage, _) => Task.FromResult(
            stage == "GET manifest" && LastingFault(registry, fault, context));
        var text = Encoding.UTF8.GetString(registry.Manifest);
        switch (fault)
        {
            case "no json":
                registry.Manifest = "<html>"u8.ToArray();
                break;
            case "index":
                registry.Manifest = """{"schemaVersion":2,"manifests":[]}"""u8.ToArray();
                break;
            case "blob missing":
                registry.Blobs.TryRemove(digest, out _);
                break;
            case "tensors":
                registry.Manifest = Encoding.UTF8.GetBytes(text.Replace("image.model", "image.tensor"));
                break;
            case "huge":
                registry.Manifest = Encoding.UTF8.GetBytes(text.Replace("\"size\":100", "\"size\":9000000000000"));
                break;
            default:
                break;
        }

        await using var server = await RegistryHost.StartAsync();
        Assert.StartsWith(expected, await server.FailAsync("pull", registry.Model), StringComparison.Ordinal);
        Assert.False(File.Exists(server.ManifestPath(registry.Model)));

        var (status, body) = await server.PostAsync(
            "/api/pull", $$"""{"name":"{{registry.Model}}","insecure":true,"stream":false}""");
        Assert.Equal(500, status);
        Assert.Contains(expected, body);
    }

    [Fact]
    public async Task Insecure_is_honoured_only_where_the_settings_allow_it()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(100);
        await using var server = await RegistryHost.StartAsync(
            settings: settings => settings with { InsecureHosts = ["elsewhere:5000"] });
        Assert.Equal("insecure protocol http", await server.FailAsync("pull", registry.Model));
        Assert.Empty(registry.Requests);
        Assert.Equal(
            $"pull model manifest: Get \"https://{registry.Host}/v2/library/scripted/manifests/latest\": "
            + "the server speaks no TLS; a registry without it is asked with \"insecure\"",
            await server.FailAsync("pull", registry.Model, insecure: false));
    }

    private static async Task<bool> PassingFaultAsync(
        ScriptedRegistry registry, string fault, HttpContext context, string stage, int count)
    {
        var isFirst = count <= (fault.StartsWith("blobs", StringComparison.Ordinal) ? 3 : 1);
        var blob = stage == "GET blob" ? registry.Blobs[context.Request.Path.Value!.Split('/')[^1]] : [];
        switch (fault, stage)
        {
            case ("manifest cut", "GET manifest") or ("blobs cut at once", "GET blob") when isFirst:
                context.Abort();
                return true;
            case ("manifest cut in the middle", "GET manifest") when isFirst:
                await ScriptedRegistry.SendAsync(context, registry.Manifest, cutAfter: 50);
                return true;
            case ("manifest 503", "GET manifest") when isFirst:
                return Fail(context, StatusCodes.Status503ServiceUnavailable, "busy");
            case ("blobs cut in the middle", "GET blob") when isFirst:
                await ScriptedRegistry.SendAsync(context, blob, cutAfter: blob.Length / 20);
                return true;
            case ("blobs 500", "GET blob") when isFirst:
                return Fail(context, StatusCodes.Status500InternalServerError, "ouch");
            case ("blobs 429", "GET blob") when isFirst:
                context.Response.Headers.RetryAfter = "0";
                return Fail(context, StatusCodes.Status429TooManyRequests, "slower");
            case ("blobs stall", "GET blob") when isFirst:
                await ScriptedRegistry.SendAsync(
                    context, blob, cutAfter: 1, new TaskCompletionSource().Task);
                return true;
            case ("ranges shortened", "GET blob"):
                var from = int.Parse(context.Request.Headers.Range.ToString()["bytes=".Length..].Split('-')[0]);
                var end = Math.Min(from + 10_000, blob.Length);
                context.Response.StatusCode = StatusCodes.Status206PartialContent;
                context.Response.Headers.ContentRange = $"bytes {from}-{end - 1}/{blob.Length}";
                context.Response.ContentLength = end - from;
                await context.Response.Body.WriteAsync(blob.AsMemory(from..end));
                return true;
            case ("ranges ignored", "GET blob") or ("ranges ignored and cut", "GET blob"):
                context.Request.Headers.Remove("Range");
                await ScriptedRegistry.SendAsync(
                    context, blob, fault.EndsWith("cut", StringComparison.Ordinal) && count == 7 ? 1000 : null);
                return true;
            default:
                return false;
        }
    }

    private static bool LastingFault(ScriptedRegistry registry, string fault, HttpContext context)
    {
        switch (fault)
        {
            case "missing":
                return Fail(context, StatusCodes.Status404NotFound, "{}");
            case "refused":
                return Fail(context, StatusCodes.Status412PreconditionFailed, "too new for you");
            case "denied":
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"here\"";
                return Fail(context, StatusCodes.Status401Unauthorized, "no");
            case "redirect loop":
                context.Response.Headers.Location = context.Request.Path.Value;
                return Fail(context, StatusCodes.Status307TemporaryRedirect, "");
            case "no location":
                return Fail(context, StatusCodes.Status307TemporaryRedirect, "");
            case "endless":
                registry.Manifest = new byte[(4 * 1024 * 1024) + 1];
                return false;
            default:
                return false;
        }
    }

    private static bool Fail(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(body));
        return true;
    }
}
