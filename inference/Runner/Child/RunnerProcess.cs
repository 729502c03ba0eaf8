using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>A runner's process as its owner holds it.</summary>
internal sealed class RunnerProcess : IRunnerProcess
{
    private readonly Process _process;
    private readonly ProcessOutput _output;
    private NetworkStream? _stream;

    /// <summary>Takes over a process that was started with all its streams redirected.</summary>
    public RunnerProcess(Process process, ILogger logger)
    {
        _process = process;
        Id = process.Id;
        process.StandardInput.Close();
        _output = new ProcessOutput(Id, process.StandardOutput, process.StandardError, logger);
    }

    /// <inheritdoc/>
    public int Id { get; }

    /// <inheritdoc/>
    public Stream Stream => _stream ?? throw new InvalidOperationException("The process has not connected.");

    /// <summary>Waits until the process connects.</summary>
    /// <exception cref="ModelException">It ended before.</exception>
    public async Task ConnectAsync(Socket listener, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var exit = _process.WaitForExitAsync(either.Token);
        var connection = listener.AcceptAsync(either.Token).AsTask();
        var isFirst = await Task.WhenAny(connection, exit) == connection;
        if (isFirst && connection.IsCompletedSuccessfully)
        {
            _stream = new NetworkStream(await connection, ownsSocket: true);
            await either.CancelAsync();
            return;
        }

        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        throw new ModelException(new Refusal(ModelErrorCode.LoadFailed, null, await DescribeFailedLoadAsync(this)));
    }

    /// <summary>What a client is told whose model could not be loaded because the process ended.</summary>
    public static async ValueTask<string> DescribeFailedLoadAsync(IRunnerCarrier carrier) =>
        $"runner process has terminated: {await carrier.DescribeEndAsync() ?? "no reason is known"}";

    /// <inheritdoc/>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> DescribeEndAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        await _output.Ended;
        var status = DescribeStatus(_process.ExitCode);
        return _output.LastError is { } line ? $"{status}: {line}" : status;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whatever is left to free, the system does it at once and wholly.
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _output.Ended;
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _process.Dispose();
    }

    /// <summary>An exit code in the words in which Ollama tells of its runners.</summary>
    internal static string DescribeStatus(int exitCode) => exitCode switch
    {
        128 + 4 => "signal: illegal instruction",
        128 + 6 => "signal: aborted",
        128 + 7 => "signal: bus error",
        128 + 8 => "signal: floating point exception",
        128 + 9 => "signal: killed",
        128 + 11 => "signal: segmentation fault",
        128 + 15 => "signal: terminated",
        _ => $"exit status {exitCode}",
    };
}
