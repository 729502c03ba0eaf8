using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>Makes models of the scripted library that exist; remembers what it was asked.</summary>
internal sealed class ScriptedCreation(ScriptedLibrary library, ScriptedModels models) : IModelCreation
{
    public CreationRequest? Last { get; private set; }

    public async IAsyncEnumerable<TransferProgress> CreateAsync(
        CreationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Last = request;
        if (request is { From: null, Files: null, Modelfile: "" })
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, detail: "neither 'from' or 'files' was specified");
        }

        if (request.From is { } from && await library.FindAsync(from, cancellationToken) is null)
        {
            throw new ModelException(ModelErrorCode.ModelNotFound, from.DisplayName);
        }

        var layer = Digest.Of("layer"u8);
        TransferProgress[] steps =
        [
            new("quantizing F16 model to Q8_0", TotalBytes: 100) { Key = "0000000000000000000" },
            new("pulling layer", layer, 100, 40),
            new($"creating new layer {layer}"),
            new("writing manifest"),
            new("success"),
        ];
        foreach (var (index, step) in steps.Index())
        {
            if (index == 2 && models.Failure is { } failure)
            {
                throw failure;
            }

            yield return step;
            await models.Gate.PassAsync(cancellationToken);
        }
    }
}
