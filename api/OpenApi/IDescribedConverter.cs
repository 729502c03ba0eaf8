using System.Text.Json.Nodes;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>A converter that knows the schema of what it writes.</summary>
internal interface IDescribedConverter
{
    /// <summary>A new copy of the schema.</summary>
    JsonObject Describe();
}
