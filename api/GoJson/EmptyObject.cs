using System.Text.Json;

namespace Ollama.Platform.Api.GoJson;

/// <summary>What Go makes of an object that was not sent.</summary>
internal static class EmptyObject
{
    /// <summary><c>{}</c>.</summary>
    public static JsonElement Element { get; } = JsonElement.Parse("{}");
}
