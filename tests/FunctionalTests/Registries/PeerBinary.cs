using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.FunctionalTests.Registries;

/// <summary>Programs that others wrote, as the system's packages bring them.</summary>
internal static class PeerBinary
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where a program is missing, but never where everything is checked.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "Where a program lies is no setting of the product.")]
    public static void Require(string program)
    {
        var found = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
        Assert.True(found || Environment.GetEnvironmentVariable("CI") != "true", $"{program} is not installed.");
        Assert.SkipUnless(found, $"{program} is not installed.");
    }

    /// <summary>Runs a program to its end, which must be a success, and returns what it printed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await errors}");
        return await output;
    }
}
