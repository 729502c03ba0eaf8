using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>
/// Transfers that go by the model's name: <c>nope</c> fails after its first step, all others succeed.
/// </summary>
/// <param name="models">Whose gate the steps wait at; null for none.</param>
internal sealed class ScriptedTransfers(ScriptedModels? models = null) : IModelTransfers
{
    public IAsyncEnumerable<TransferProgress> PullAsync(
        ModelName name, bool insecure, CancellationToken cancellationToken) =>
        RunAsync(name, insecure, "pulling", cancellationToken);

    public IAsyncEnumerable<TransferProgress> PushAsync(
        ModelName name, bool insecure, CancellationToken cancellationToken) =>
        RunAsync(name, insecure, "pushing", cancellationToken);

    private async IAsyncEnumerable<TransferProgress> RunAsync(
        ModelName name, bool insecure, string verb, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var digest = Digest.Of("layer"u8);
        TransferProgress[] steps =
        [
            new($"{verb} manifest"),
            new($"{verb} {digest.Hex[..12]}", digest, 10, 0),
            new($"{verb} {digest.Hex[..12]}", digest, 10, 10),
            new(insecure ? $"insecurely {verb} {name}" : $"{verb} {name}"),
            new("success"),
        ];
        foreach (var (index, step) in steps.Index())
        {
            if (index == 1 && name.Model == "nope")
            {
                throw new ModelException(
                    ModelErrorCode.TransferFailed, name.DisplayName, "pull model manifest: file does not exist");
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return step;
            if (models is not null)
            {
                await models.Gate.PassAsync(cancellationToken);
            }
        }
    }
}
