using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>
/// Transfers that go by the model's name: <c>nope</c> fails after its first step, all others succeed.
/// </summary>
internal sealed class ScriptedTransfers : IModelTransfers
{
    public IAsyncEnumerable<TransferProgress> PullAsync(
        ModelName name, bool insecure, CancellationToken cancellationToken) =>
        RunAsync(name, insecure, "pulling", cancellationToken);

    public IAsyncEnumerable<TransferProgress> PushAsync(
        ModelName name, bool insecure, CancellationToken cancellationToken) =>
        RunAsync(name, insecure, "pushing", cancellationToken);

    private static async IAsyncEnumerable<TransferProgress> RunAsync(
        ModelName name, bool insecure, string verb, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        yield return new TransferProgress($"{verb} manifest");
        if (name.Model == "nope")
        {
            throw new ModelException(
                ModelErrorCode.TransferFailed, name.DisplayName, "pull model manifest: file does not exist");
        }

        var digest = Digest.Of("layer"u8);
        yield return new TransferProgress($"{verb} {digest.Hex[..12]}", digest, 10, 0);
        yield return new TransferProgress($"{verb} {digest.Hex[..12]}", digest, 10, 10);
        yield return new TransferProgress(insecure ? $"insecurely {verb} {name}" : $"{verb} {name}");
        yield return new TransferProgress("success");
    }
}
