namespace Ollama.Platform.Api.Streaming;

/// <summary>Content types of answers, spelled as Ollama spells them.</summary>
internal static class MediaTypes
{
    /// <summary>A whole JSON answer.</summary>
    public const string Json = "application/json; charset=utf-8";

    /// <summary>A refusal that takes the place of a stream's first line.</summary>
    public const string JsonBeforeStream = "application/json";

    /// <summary>A whole JSON answer of the dialects under <c>/v1/</c>.</summary>
    public const string V1Json = "application/json";

    /// <summary>A stream of server-sent events.</summary>
    public const string Events = "text/event-stream";

    /// <summary>A stream of JSON lines.</summary>
    public const string Ndjson = "application/x-ndjson";

    /// <summary>A document in YAML.</summary>
    public const string Yaml = "application/yaml; charset=utf-8";

    /// <summary>Text of the routes.</summary>
    public const string Text = "text/plain; charset=utf-8";

    /// <summary>Text of the router itself.</summary>
    public const string RouterText = "text/plain";
}
