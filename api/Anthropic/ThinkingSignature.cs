using System.Security.Cryptography;
using System.Text;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>
/// What stands for Anthropic's signature of reasoning: a digest of the text. Clients drop reasoning that has none; here
/// nobody checks it, since any reasoning may be sent back.
/// </summary>
internal sealed class ThinkingSignature : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The signature of a whole text.</summary>
    public static string Of(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Adds text.</summary>
    public void Add(string text) => _hash.AppendData(Encoding.UTF8.GetBytes(text));

    /// <summary>The signature of the text so far; what is added from here on is another one.</summary>
    public string Take() => Convert.ToBase64String(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
