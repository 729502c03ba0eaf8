using System.Text;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>Manifests of the scripted library's models: a word each, which is not looked into.</summary>
internal sealed class ScriptedManifests(ScriptedLibrary library) : IManifests
{
    private readonly Dictionary<string, byte[]> _written = new(StringComparer.OrdinalIgnoreCase);

    public async Task<ManifestContent?> FindAsync(ModelName name, CancellationToken cancellationToken) =>
        await library.FindAsync(name, cancellationToken) is { } model ? ToContent(model.Name) : null;

    public Task<IReadOnlyList<ModelName>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ModelName>>([.. library.Models.Select(model => model.Name)]);

    public Task<ManifestContent> WriteAsync(
        ModelName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        switch (Encoding.UTF8.GetString(bytes.Span))
        {
            case "invalid":
                throw new ModelException(ModelErrorCode.ModelFileInvalid, name.DisplayName, "It is no JSON.");
            case "missing":
                throw new BlobMissingException(Digest.Of("missing"u8));
            case "full":
                throw new BlobStorageException("The disk is full.");
            default:
                library.Models.RemoveAll(model => model.Name == name);
                library.Models.Add(library.Models[0] with { Name = name });
                _written[name.ToString()] = bytes.ToArray();
                return Task.FromResult(ToContent(name));
        }
    }

    private ManifestContent ToContent(ModelName name)
    {
        var bytes = _written.GetValueOrDefault(name.ToString()) ?? Encoding.UTF8.GetBytes($"[{name.DisplayName}]");
        return new ManifestContent(name, Digest.Of(bytes), "application/vnd.test+json", bytes);
    }
}
