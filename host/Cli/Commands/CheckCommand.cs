using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.Host.Cli.Commands;

/// <summary>
/// Checks the store and prints a line for each finding. Damage makes the exit code 1; what only takes room does not.
/// </summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            var paths = new StorePaths(new EnvironmentReader(context.Environment).Read().ModelsDirectory);
            var manifests = new ManifestFiles(paths, TimeProvider.System, NullLogger<ManifestFiles>.Instance);
            var (damageCount, unusedBytes) = (0, 0L);
            await foreach (var finding in new StoreCheck(paths, manifests).CheckAsync(cancellationToken))
            {
                damageCount += finding.IsDamage ? 1 : 0;
                unusedBytes += finding.Bytes;
                var models = string.Join(", ", finding.Models.Select(name => name.DisplayName));
                await context.Out.WriteLineAsync($"{finding.Kind}: {finding.Path}: {finding.Text} {models}".TrimEnd());
            }

            await context.Out.WriteLineAsync(damageCount == 0
                ? $"The store at {paths.Root} is whole; {unusedBytes} bytes in it are not needed."
                : $"The store at {paths.Root} is damaged in {damageCount} {(damageCount == 1 ? "place" : "places")}: "
                    + "pull or create these models again.");
            return damageCount == 0 ? ExitCode.Success : ExitCode.Failure;
        }
        catch (SettingException failure)
        {
            await context.Error.WriteLineAsync(failure.Message);
            return ExitCode.Failure;
        }
    }
}
