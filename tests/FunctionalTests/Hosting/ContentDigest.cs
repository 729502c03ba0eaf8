using System.Security.Cryptography;
using System.Text;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>Digests as the protocols have them; on its own, so that the product's mistakes cannot hide here.</summary>
internal static class ContentDigest
{
    /// <summary>The digest of bytes, with its prefix.</summary>
    public static string Of(byte[] content) => "sha256:" + HexOf(content);

    /// <summary>The digest of bytes without its prefix.</summary>
    public static string HexOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The digest of a text's UTF-8 without its prefix.</summary>
    public static string HexOf(string text) => HexOf(Encoding.UTF8.GetBytes(text));
}
