using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.FunctionalTests.Hosting;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Crypto.Utilities;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>What this server shows to whom: signatures, passwords and tokens, and never to the wrong one.</summary>
public sealed class AuthorizationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_signs_for_a_token_as_Ollama_does()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(300_000);
        string? signedFor = null, signature = null;
        registry.Script = async (context, stage, _) =>
        {
            if (stage == "GET token")
            {
                var request = context.Request;
                signedFor = $"http://{registry.Host}{request.Path}{request.QueryString}";
                signature = request.Headers.Authorization;
                Assert.Equal("repository:library/scripted:pull,other", request.Query["scope"].ToString());
                Assert.Equal("ollama.com", request.Query["service"]);
                Assert.True(long.TryParse(request.Query["ts"], out var _));
                Assert.Equal(22, request.Query["nonce"].ToString().Length);
                await context.Response.WriteAsync("""{"token":"tok"}""");
                return true;
            }

            return context.Request.Headers.Authorization != "Bearer tok" && Challenge(
                context, $"Bearer realm=\"http://{registry.Host}/token\",service=\"ollama.com\","
                + "scope=\"repository:library/scripted:pull other\"");
        };
        await using var server = await RegistryHost.StartAsync();

        await server.SucceedAsync("pull", registry.Model);

        await server.AssertHasAsync(registry);
        Assert.Single(registry.Requests, request => request.Stage == "GET token");
        var parts = signature!.Split(':');
        var key = (Ed25519PublicKeyParameters)OpenSshPublicKeyUtilities.ParsePublicKey(
            Convert.FromBase64String(parts[0]));
        var hash = Convert.ToBase64String(Encoding.ASCII.GetBytes(ContentDigest.HexOf([])));
        var verifier = new Ed25519Signer();
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(Encoding.UTF8.GetBytes($"GET,{signedFor},{hash}"));
        Assert.True(verifier.VerifySignature(Convert.FromBase64String(parts[1])));
    }

    [Fact]
    public async Task The_key_signs_for_nobody_but_the_registry_itself()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var other = await ScriptedRegistry.StartAsync();
        registry.AddModel(100);
        registry.Script = (context, _, _) => Task.FromResult(
            Challenge(context, $"Bearer realm=\"http://{other.Host}/token\",service=\"s\",scope=\"x\""));
        await using var server = await RegistryHost.StartAsync();

        Assert.Equal(
            $"pull model manifest: realm host \"{other.Host}\" does not match original host \"{registry.Host}\"",
            await server.FailAsync("pull", registry.Model));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task A_second_refusal_is_final()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(100);
        registry.Script = async (context, stage, _) =>
        {
            if (stage == "GET token")
            {
                await context.Response.WriteAsync("""{"access_token":"tok"}""");
                return true;
            }

            return Challenge(context, $"Bearer realm=\"http://{registry.Host}/token\"");
        };
        await using var server = await RegistryHost.StartAsync();
        Assert.Equal(
            "pull model manifest: unauthorized: access denied", await server.FailAsync("pull", registry.Model));
        Assert.Equal(2, registry.Requests.Count(request => request.Stage == "GET manifest"));
    }

    [Theory]
    [InlineData("""{"auth":"dXNlcjpzZWNyZXQ="}""", "Basic dXNlcjpzZWNyZXQ=")]
    [InlineData("""{"username":"user","password":"secret"}""", "Basic dXNlcjpzZWNyZXQ=")]
    [InlineData("""{"registrytoken":"abc"}""", "Bearer abc")]
    public async Task Filed_credentials_are_shown_to_their_registry_and_to_no_host_it_redirects_to(
        string entry, string expected)
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var store = await ScriptedRegistry.StartAsync();
        registry.AddModel(300_000);
        foreach (var (digest, content) in registry.Blobs)
        {
            store.Blobs[digest] = content;
        }

        registry.Script = (context, stage, _) =>
        {
            if (context.Request.Headers.Authorization != expected)
            {
                return Task.FromResult(Challenge(context, "Basic realm=\"here\""));
            }

            if (stage == "GET blob")
            {
                context.Response.Headers.Location = $"http://{store.Host}{context.Request.Path}";
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, $$"""{"auths": {"https://{{registry.Host}}/v2/": {{entry}}, "x": {"auth": "wrong"} } }""", Token);
        await using var server = await RegistryHost.StartAsync(
            settings: settings => settings with { CredentialsFile = file });

        await server.SucceedAsync("pull", registry.Model);

        await server.AssertHasAsync(registry);
        Assert.NotEmpty(store.Requests);
        Assert.All(store.Requests, request => Assert.Equal("", request.Authorization));
        File.Delete(file);
    }

    [Fact]
    public async Task A_mirror_is_asked_first_and_the_registry_when_it_fails()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        await using var mirror = await ScriptedRegistry.StartAsync();
        var digest = registry.AddModel(300_000);
        foreach (var (blob, content) in registry.Blobs.Where(blob => blob.Key != digest))
        {
            mirror.Blobs[blob] = content;
        }

        mirror.Manifest = registry.Manifest;
        await using var server = await RegistryHost.StartAsync(settings: settings => settings with
        {
            Default = new Uri($"http://{registry.Host}"),
            Mirrors = [new Uri("http://127.0.0.1:1"), new Uri($"http://{mirror.Host}")],
        });

        await server.SucceedAsync("pull", "scripted");

        Assert.Equal(registry.Blobs[digest], await File.ReadAllBytesAsync(server.BlobPath(digest), Token));
        Assert.True(File.Exists(server.ManifestPath("registry.ollama.ai/library/scripted:latest")));
        Assert.DoesNotContain(registry.Requests, request => request.Stage == "GET manifest");
        var names = (await server.Client.GetStringAsync("/api/tags", Token));
        Assert.Equal(
            "scripted:latest", JsonElement.Parse(names).GetProperty("models")[0].GetProperty("name").GetString());
    }

    private static bool Challenge(HttpContext context, string challenge)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return true;
    }
}
