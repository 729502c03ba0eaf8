using System.Security.Cryptography;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>What all events of one answer have in common.</summary>
/// <param name="Id">Names the answer.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">The model as the client wrote it.</param>
internal sealed record CompletionHead(string Id, long Created, string Model)
{
    /// <summary>What Ollama calls the system behind its answers.</summary>
    public const string Fingerprint = "fp_ollama";

    private const int IdLength = 24;

    /// <summary>A new answer. Clients merge what has the same id, so no two answers share one.</summary>
    public static CompletionHead New(string prefix, string model, TimeProvider time) => new(
        prefix + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", IdLength),
        time.GetUtcNow().ToUnixTimeSeconds(),
        model);
}
