using Microsoft.AspNetCore.Http;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Programs that Docker's <c>config.json</c> names for credentials, and tokens that are exchanged.</summary>
public sealed class CredentialProgramTests : IDisposable
{
    private const string Basic = "Basic dXNlcjpzZWNyZXQ=";

    private readonly TemporaryDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string QuestionPath => Path.Combine(_folder.Path, "question");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"credHelpers": {"HOST": "mine", "x": "other"}, "credsStore": "other"}""")]
    [InlineData("""{"credsStore": "mine", "auths": {"HOST": {}}}""")]
    public async Task The_registrys_own_program_is_asked_or_the_one_for_all(string config)
    {
        await using var registry = await StartRegistryAsync(Basic);
        Install("mine", $$"""
            (printf '%s ' "$1"; cat) > {{QuestionPath}}
            echo '{"ServerURL":"x","Username":"user","Secret":"secret"}'
            """);
        Install("other", "exit 7");

        Assert.Equal("", await PullAsync(registry, config));

        Assert.Equal($"get {registry.Host}", await File.ReadAllTextAsync(QuestionPath, Token));
    }

    [Theory]
    [InlineData("none", "echo credentials not found in native keychain; exit 1")]
    [InlineData("broken", "echo '{'")]
    [InlineData("fails", "exit 3")]
    [InlineData("hangs", "sleep 1000")]
    [InlineData("floods", "yes")]
    [InlineData("../none", "exit 0")]
    public async Task A_program_that_has_nothing_leaves_it_to_the_file(string name, string script)
    {
        await using var registry = await StartRegistryAsync(Basic);
        Install(name, script);

        Assert.Equal("", await PullAsync(
            registry, $$"""{"credsStore": "{{name}}", "auths": {"HOST": {"auth": "dXNlcjpzZWNyZXQ="} } }"""));
    }

    [Fact]
    public async Task Without_any_credentials_access_is_denied()
    {
        await using var registry = await StartRegistryAsync(Basic);
        Assert.Equal(
            "pull model manifest: unauthorized: access denied",
            await PullAsync(registry, """{"credsStore": "absent"}"""));
    }

    [Theory]
    [InlineData("""{"credsStore": "mine"}""")]
    [InlineData("""{"auths": {"HOST": {"auth": "eDp5", "identitytoken": "refresh me"}}}""")]
    public async Task An_identity_token_is_exchanged_where_the_registry_says(string config)
    {
        await using var registry = await StartRegistryAsync("Bearer tok");
        Install("mine", """echo '{"Username":"<token>","Secret":"refresh me"}'""");

        Assert.Equal("", await PullAsync(registry, config));

        Assert.Single(registry.Requests, request => request is { Stage: "POST token", Authorization: "" });
    }

    private async Task<string> PullAsync(ScriptedRegistry registry, string config)
    {
        var file = Path.Combine(_folder.Path, "config.json");
        await File.WriteAllTextAsync(
            file, config.Replace("HOST", registry.Host, StringComparison.Ordinal), Token);
        await using var server = await RegistryHost.StartAsync(
            settings: settings => settings with
            {
                CredentialsFile = file,
                ProgramFolders = ["relative", _folder.Path],
            },
            registry: options => options.StallTimeMax = TimeSpan.FromSeconds(3));
        var last = (await server.TransferAsync("pull", registry.Model))[^1];
        return last.TryGetProperty("error", out var error) ? error.GetString()! : "";
    }

    private void Install(string name, string script)
    {
        var path = Path.Combine(_folder.Path, $"docker-credential-{name.Replace('/', '-')}");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A registry that opens to one header alone, and has a token server.</summary>
    private static async Task<ScriptedRegistry> StartRegistryAsync(string authorization)
    {
        var registry = await ScriptedRegistry.StartAsync();
        registry.AddModel(1000);
        registry.Script = async (context, stage, _) =>
        {
            if (stage == "POST token")
            {
                var form = await context.Request.ReadFormAsync();
                Assert.Equal(
                    "refresh_token ollama.com repository:library/scripted:pull refresh me",
                    $"{form["grant_type"]} {form["service"]} {form["scope"]} {form["refresh_token"]}");
                await context.Response.Body.WriteAsync("""{"access_token":"tok"}"""u8.ToArray());
                return true;
            }

            if (context.Request.Headers.Authorization == authorization)
            {
                return false;
            }

            context.Response.Headers.WWWAuthenticate = authorization == Basic
                ? "Basic realm=\"here\""
                : $"Bearer realm=\"http://{registry.Host}/token\",service=\"ollama.com\","
                    + "scope=\"repository:library/scripted:pull\"";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return true;
        };
        return registry;
    }
}
