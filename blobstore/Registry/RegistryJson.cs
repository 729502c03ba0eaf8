using System.Text.Json.Serialization;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>The JSON that registries and their tools deal in, and the record of a download's parts.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(TokenReply))]
[JsonSerializable(typeof(CredentialsDocument))]
[JsonSerializable(typeof(CredentialAnswer))]
[JsonSerializable(typeof(PartRecord))]
internal sealed partial class RegistryJson : JsonSerializerContext;

/// <summary>The answer of a token server, in either spelling.</summary>
internal sealed record TokenReply(
    [property: JsonPropertyName("token")] string? Token,
    [property: JsonPropertyName("access_token")] string? AccessToken);

/// <summary>Docker's <c>config.json</c>, as far as it is read.</summary>
/// <param name="Auths">What was filed, by registry.</param>
/// <param name="CredsStore">The program that has them for all registries.</param>
/// <param name="CredHelpers">The programs that have them for one, by registry.</param>
internal sealed record CredentialsDocument(
    Dictionary<string, CredentialsEntry?>? Auths, string? CredsStore, Dictionary<string, string?>? CredHelpers);

/// <summary>What was filed for one registry.</summary>
internal sealed record CredentialsEntry(
    string? Auth, string? Username, string? Password, string? RegistryToken, string? IdentityToken);

/// <summary>How far one range of a download is; the names are those of Ollama's own records.</summary>
/// <param name="N">Number of the range, from 0.</param>
/// <param name="Offset">Where it begins, in bytes.</param>
/// <param name="Size">How long it is, in bytes.</param>
/// <param name="Completed">How many of its bytes are on disk.</param>
internal sealed record PartRecord(int N, long Offset, long Size, long Completed);
