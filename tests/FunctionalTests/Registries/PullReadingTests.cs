using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Blobs that lie here, and nobody has read since the start, are read before a pull counts them.</summary>
public sealed class PullReadingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_takes_its_time_is_seen_to_be_read_and_to_be_whole(bool readByAnother)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var weights = RandomNumberGenerator.GetBytes(3_000_000);
        var (digest, other) = (registry.AddModel(weights), "");
        await using var server = await RegistryHost.StartAsync(store =>
        {
            var license = store.Layer("license", "Anybody may.");
            other = license["digest"]!.GetValue<string>();
            store.Model("kept", store.Layer("model", weights), license);
        });
        var (begun, held) = (new TaskCompletionSource(), new ManualResetEventSlim());
        using var gate = held;
        var reading = server.Services.GetRequiredService<BlobVerdicts>().IsWholeAsync(
            Digest.Parse(readByAnother ? digest : other), Hold, Token);
        await begun.Task.WaitAsync(Token);

        using var response = await server.OpenAsync(
            "pull", "/api/pull", $$"""{"model":"{{registry.Model}}","insecure":true}""", Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Equal("""{"status":"pulling manifest"}""", await reader.ReadLineAsync(Token));
        var status = $"pulling {digest[7..19]}";
        Assert.Equal(
            $$"""{"status":"{{status}}","digest":"{{digest}}","total":3000000}""", await reader.ReadLineAsync(Token));

        held.Set();
        Assert.True(await reading);
        var lines = (await reader.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"status":"success"}""", lines[^1]);
        var last = JsonElement.Parse(lines.Last(line => line.Contains(status, StringComparison.Ordinal)));
        Assert.Equal(3_000_000, last.GetProperty("completed").GetInt32());
        Assert.DoesNotContain(
            registry.Requests, request => request.Stage == "GET blob" && request.Path.EndsWith(digest));

        void Hold(long bytes)
        {
            begun.TrySetResult();
            held.Wait(Token);
        }
    }
}
