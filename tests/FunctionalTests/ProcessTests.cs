using System.Diagnostics;
using System.Text.RegularExpressions;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>The executable as an operator starts and stops it.</summary>
public sealed partial class ProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_lets_running_requests_finish_and_the_exit_code_is_0(string signal)
    {
        using var directory = new TemporaryDirectory();
        using var server = Start(directory.Path);
        var address = await ListeningAddressAsync(server);

        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate")
        {
            Content = new StringContent(
                """
                {"model":"tiny-chat","prompt":"Count from 1 to 100.","think":false,
                 "options":{"temperature":0,"num_predict":420}}
                """),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.True(response.IsSuccessStatusCode);
        await SignalAsync(server, signal);

        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.Contains("\"done\":true", body);
        await server.WaitForExitAsync(Token);
        Assert.Equal(0, server.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Token));
    }

    [Fact]
    public async Task A_request_that_outlasts_the_grace_period_is_told_so_and_the_exit_code_is_0()
    {
        using var directory = new TemporaryDirectory();
        using var server = Start(directory.Path, environment: ("OLLAMA_GRACE_PERIOD", "100ms"));
        using var client = new HttpClient(new SocketsHttpHandler())
        {
            BaseAddress = await ListeningAddressAsync(server),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/generate")
        {
            Content =
                new StringContent("""{"model":"tiny-chat","prompt":"x","raw":true,"options":{"temperature":0}}"""),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await SignalAsync(server, "TERM");

        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.EndsWith("{\"error\":\"server is shutting down\"}\n", body);
        await server.WaitForExitAsync(Token);
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task The_start_up_log_says_where_and_what()
    {
        using var directory = new TemporaryDirectory();
        using var server = Start(directory.Path);
        var lines = new List<string>();
        while (await server.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains("models found", StringComparison.Ordinal))
            {
                break;
            }
        }

        var log = string.Join('\n', lines);
        Assert.Contains("listens on http://127.0.0.1:", log);
        Assert.Contains($"Models lie in {directory.Path}", log);
        Assert.Contains("llama.cpp", log);
        Assert.Contains("CPU", log);
        Assert.Contains("tiny-chat:latest", log);
        await SignalAsync(server, "TERM");
        await server.WaitForExitAsync(Token);
        Assert.Equal(0, server.ExitCode);
    }

    [Fact]
    public async Task A_default_build_asked_for_a_cluster_says_what_it_lacks()
    {
        using var directory = new TemporaryDirectory();
        using var server = Start(directory.Path, "--cluster");
        await server.WaitForExitAsync(Token);
        Assert.Equal(2, server.ExitCode);
        Assert.Contains("-p:Orleans=true", await server.StandardError.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task A_setting_that_cannot_be_guessed_stops_the_start()
    {
        using var directory = new TemporaryDirectory();
        using var server = Start(directory.Path, environment: ("OLLAMA_ORIGINS", "example.com"));
        await server.WaitForExitAsync(Token);
        Assert.Equal(1, server.ExitCode);
        Assert.Contains("OLLAMA_ORIGINS", await server.StandardError.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task A_folder_without_the_native_library_is_named()
    {
        using var directory = new TemporaryDirectory();
        using var server = Start(directory.Path, environment: ("OLLAMA_LIBRARY_PATH", directory.Path));
        await server.WaitForExitAsync(Token);
        Assert.Equal(1, server.ExitCode);
        Assert.Contains(directory.Path, await server.StandardError.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task A_flipped_bit_is_found_by_fsck_and_told_by_the_exit_code()
    {
        using var directory = new TemporaryDirectory();
        var store = new HandmadeStore(directory.Path);
        var layer = store.ChatModelLayer();
        store.Model("flipped", layer);
        using (var whole = Start(directory.Path, "fsck"))
        {
            await whole.WaitForExitAsync(Token);
            Assert.Equal(0, whole.ExitCode);
        }

        var path = Path.Combine(
            directory.Path, "blobs", layer["digest"]!.GetValue<string>().Replace(':', '-'));
        await using (var file = new FileStream(path, FileMode.Open))
        {
            file.Seek(-100, SeekOrigin.End);
            var octet = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(octet ^ 4));
        }

        using var damaged = Start(directory.Path, "fsck");
        var said = await damaged.StandardOutput.ReadToEndAsync(Token);
        await damaged.WaitForExitAsync(Token);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains($"BlobDamaged: {path}: ", said);
        Assert.Contains("flipped:latest", said);
    }

    private static Process Start(
        string directory, string? argument = null, (string Name, string Value)? environment = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Ollama.Platform.Host.dll") },
            Environment = { ["OLLAMA_HOST"] = "127.0.0.1:0", ["OLLAMA_MODELS"] = directory },
        };
        if (argument is not null)
        {
            start.ArgumentList.Add(argument);
        }

        if (environment is var (name, value))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
    }

    private static async Task<Uri> ListeningAddressAsync(Process server)
    {
        while (await server.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (Address().Match(line) is { Success: true } match)
            {
                // The rest of the log is read and dropped, so that a full pipe never blocks the server.
                _ = server.StandardOutput.ReadToEndAsync(Token);
                return new Uri(match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException("The server ended: " + await server.StandardError.ReadToEndAsync(Token));
    }

    private static async Task SignalAsync(Process server, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{server.Id}"]);
        await kill.WaitForExitAsync(Token);
        Assert.Equal(0, kill.ExitCode);
    }

    [GeneratedRegex(@"listens on (http://\S+?)\.?$")]
    private static partial Regex Address();
}
