using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Asks the programs that <c>credsStore</c> and <c>credHelpers</c> of Docker's <c>config.json</c> name, such as
/// <c>docker-credential-pass</c>: the host goes in, JSON comes out.
/// </summary>
internal sealed partial class CredentialPrograms(
    IOptions<RegistryOptions> options, TimeProvider time, ILogger<CredentialPrograms> logger)
{
    // A user name and a token; more is something else.
    private const int AnswerBytesMax = 1024 * 1024;

    // What such a program says, with exit code 1, when it has nothing for the host.
    private const string NotFoundAnswer = "credentials not found";

    /// <summary>What a program has for a registry; null when it has nothing or fails, which the log tells.</summary>
    /// <param name="name">The program's name, without what all of them begin with.</param>
    /// <param name="authority">The registry's host and port.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public async Task<CredentialAnswer?> AskAsync(
        string name, string authority, CancellationToken cancellationToken)
    {
        if (FindProgram(name) is not { } program)
        {
            Log.Failed(logger, name, authority, "there is no such program in the folders of PATH");
            return null;
        }

        using var patience = new CancellationTokenSource(options.Value.StallTimeMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var (code, answer) = await RunAsync(program, authority, both.Token);
            if (code == 0)
            {
                return JsonSerializer.Deserialize(answer, RegistryJson.Default.CredentialAnswer);
            }

            var text = Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 200)));
            if (!text.Contains(NotFoundAnswer, StringComparison.OrdinalIgnoreCase))
            {
                Log.Failed(logger, name, authority, $"exit code {code}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, name, authority, $"no answer within {options.Value.StallTimeMax.TotalSeconds} seconds");
        }
        catch (JsonException)
        {
            // Not the runtime's words: they may quote the secret.
            Log.Failed(logger, name, authority, "the answer is not what it should be");
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
        {
            Log.Failed(logger, name, authority, failure.Message);
        }

        return null;
    }

    /// <summary>Only where programs are installed: the working folder could be anybody's.</summary>
    private string? FindProgram(string name)
    {
        if (!ProgramName().IsMatch(name))
        {
            return null;
        }

        var file = $"docker-credential-{name}{(OperatingSystem.IsWindows() ? ".exe" : "")}";
        return options.Value.ProgramFolders.Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    private static async Task<(int Code, byte[] Answer)> RunAsync(
        string program, string authority, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            ArgumentList = { "get" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        try
        {
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            await SendAsync(process.StandardInput, authority);
            var answer = await ReadAsync(process.StandardOutput.BaseStream).WaitAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, answer);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task SendAsync(StreamWriter input, string authority)
    {
        try
        {
            await input.WriteAsync(authority);
            input.Close();
        }
        catch (IOException)
        {
            // It did not wait for the question; its answer and exit code say the rest.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream output)
    {
        var answer = new MemoryStream();
        var buffer = new byte[4096];
        while (await output.ReadAsync(buffer) is var count and > 0)
        {
            answer.Write(buffer, 0, count);
            if (answer.Length > AnswerBytesMax)
            {
                throw new IOException($"the answer is longer than {AnswerBytesMax} bytes");
            }
        }

        return answer.ToArray();
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex ProgramName();

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "docker-credential-{Name} gives no credentials for {Registry}: {Reason}")]
        public static partial void Failed(ILogger logger, string name, string registry, string reason);
    }
}
