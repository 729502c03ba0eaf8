namespace Ollama.Platform.BlobStore.Registry;

/// <summary>What a program that keeps credentials answers.</summary>
/// <param name="Username">The user, or <see cref="TokenUser"/>.</param>
/// <param name="Secret">The password or the token.</param>
internal sealed record CredentialAnswer(string? Username, string? Secret)
{
    /// <summary>The user name that says that the secret is a token to be exchanged.</summary>
    public const string TokenUser = "<token>";
}
