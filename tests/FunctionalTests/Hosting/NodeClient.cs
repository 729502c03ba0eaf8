using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>Runs a client script under Node.js and reads the JSON object that it prints.</summary>
internal static class NodeClient
{
    /// <summary>The folder in which the packages are installed.</summary>
    public static string Modules { get; } = typeof(NodeClient).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ClientModules").Value!;

    public static async Task<JsonElement> RunAsync(
        string script, Uri address, string scenario, CancellationToken cancellationToken, string subject = "")
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Clients", script),
                address.ToString().TrimEnd('/'),
                scenario,
                subject,
            },
            Environment = { ["CLIENT_MODULES"] = Modules },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"node {script} {scenario}: {await errors}");
        return JsonDocument.Parse(await output).RootElement;
    }

    /// <summary>Runs a program of a package in a folder to its end, and returns what it printed.</summary>
    public static async Task<string> RunToolAsync(
        string folder, string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Modules, "node_modules", program), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"node {program}: {await errors}{await output}");
        return await output;
    }
}
