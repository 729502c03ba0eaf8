using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>
/// Pushes that cannot be: each is told in a sentence, and what can be seen beforehand before a byte goes out.
/// </summary>
public sealed class PushFaultTests
{
    private const int WeightsBytes = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HEAD blob", 401, "", "unauthorized: access denied")]
    [InlineData("HEAD blob", 403, "", "403: Forbidden")]
    [InlineData("HEAD blob", 405, "", "405: Method Not Allowed")]
    [InlineData("POST upload", 403, "{\"errors\":[]}", "403: {\"errors\":[]}")]
    [InlineData("POST upload", 405, "UNSUPPORTED", "405: UNSUPPORTED")]
    [InlineData("PATCH upload", 413, "too large", "413: too large")]
    [InlineData("PUT upload", 400, "DIGEST_INVALID", "400: DIGEST_INVALID")]
    [InlineData("PUT manifest", 401, "no", "unauthorized: access denied")]
    [InlineData("PUT manifest", 403, "\u001b[31mno\u0007\n", "403: [31mno")]
    public async Task A_refusal_is_told_in_the_words_of_the_registry(
        string place, int status, string body, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Script = (context, stage, _) => Task.FromResult(stage == place && Refuse(context, status, body));
        await using var server = await StartAsync(registry);

        Assert.Equal(expected, await server.FailAsync("push", registry.Model));

        Assert.Single(registry.Requests, request => request.Stage == place);
    }

    [Theory]
    [InlineData("HEAD blob")]
    [InlineData("POST upload")]
    [InlineData("PATCH upload")]
    [InlineData("PUT upload")]
    [InlineData("PUT manifest")]
    public async Task A_refusal_that_passes_costs_time_and_nothing_else(string place)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.Script = (context, stage, count) => Task.FromResult(
            stage == place && count == 1 && Refuse(context, StatusCodes.Status503ServiceUnavailable, "busy"));
        await using var server = await StartAsync(registry);

        await server.SucceedAsync("push", registry.Model);

        await server.AssertHasAsync(registry);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    public async Task A_model_that_is_not_whole_is_not_begun(string fault)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var server = await StartAsync(registry);
        var blob = Directory.EnumerateFiles(Path.Combine(server.Store, "blobs"))
            .Single(path => new FileInfo(path).Length == WeightsBytes);
        if (fault == "missing")
        {
            File.Delete(blob);
        }
        else
        {
            await File.WriteAllBytesAsync(blob, new byte[WeightsBytes - 1], Token);
        }

        var digest = Path.GetFileName(blob).Replace('-', ':');
        Assert.Equal(
            $"blob {digest} is {fault}: pull or create the model again",
            await server.FailAsync("push", registry.Model));
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task What_opens_a_blob_elsewhere_is_in_no_error()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(WeightsBytes);
        registry.Script = (context, stage, _) =>
        {
            if (stage != "GET blob")
            {
                return Task.FromResult(false);
            }

            context.Response.Headers.Location = "http://user:secret@127.0.0.1:1/kept/blob?signature=secret";
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            return Task.FromResult(true);
        };
        await using var server = await RegistryHost.StartAsync();

        Assert.StartsWith(
            "max retries exceeded: Get \"http://127.0.0.1:1/kept/blob\": ",
            await server.FailAsync("pull", registry.Model), StringComparison.Ordinal);
    }

    private static async Task<HostedServer> StartAsync(ScriptedRegistry registry)
    {
        var server = await RegistryHost.StartAsync(
            store => store.Model("scripted", store.Layer("model", new byte[WeightsBytes])));
        await server.PostAsync("/api/copy", $$"""{"source":"scripted","destination":"{{registry.Model}}"}""");
        return server;
    }

    private static bool Refuse(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(body));
        }

        return true;
    }
}
