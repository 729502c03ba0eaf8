using System.Security.Cryptography;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>Ids that nobody can guess: whoever knows one may read what it names.</summary>
internal static class ObjectId
{
    private const int RandomDigits = 48;

    /// <summary>A new id.</summary>
    /// <param name="prefix">Tells what it names.</param>
    public static string New(string prefix) =>
        prefix + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
}
