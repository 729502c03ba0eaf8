using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Registry;

/// <summary>Everything that the registry's routes write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RegistryRefusal))]
[JsonSerializable(typeof(CatalogReply))]
[JsonSerializable(typeof(TagsListReply))]
internal sealed partial class RegistryJson : JsonSerializerContext;

/// <summary>A refusal.</summary>
/// <param name="Errors">Always one.</param>
internal sealed record RegistryRefusal(IReadOnlyList<RegistryError> Errors);

/// <summary>What was refused.</summary>
/// <param name="Code">The protocol's code.</param>
/// <param name="Message">Its text.</param>
/// <param name="Detail">What it is about.</param>
internal sealed record RegistryError(string Code, string Message, string? Detail);

/// <summary>The answer of <c>_catalog</c>.</summary>
/// <param name="Repositories">Names of repositories, in ordinal order.</param>
internal sealed record CatalogReply(IReadOnlyList<string> Repositories);

/// <summary>The answer of <c>tags/list</c>.</summary>
/// <param name="Name">The repository as the client wrote it.</param>
/// <param name="Tags">Tags, in ordinal order.</param>
internal sealed record TagsListReply(string Name, IReadOnlyList<string> Tags);
