namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>The media types of manifests, configs and layers.</summary>
public static class MediaTypes
{
    /// <summary>A manifest.</summary>
    public const string Manifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>The manifest of an image by OCI's rules, under which it need not say so itself.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>How the media types of OCI's configs begin.</summary>
    public const string OciPrefix = "application/vnd.oci.";

    /// <summary>A config blob.</summary>
    public const string Config = "application/vnd.docker.container.image.v1+json";

    /// <summary>Weights, a GGUF file.</summary>
    public const string Model = Prefix + "model";

    /// <summary>A LoRA adapter, a GGUF file.</summary>
    public const string Adapter = Prefix + "adapter";

    /// <summary>A multimodal encoder, a GGUF file.</summary>
    public const string Projector = Prefix + "projector";

    /// <summary>A draft model, a GGUF file.</summary>
    public const string Draft = Prefix + "draft";

    /// <summary>A Go template.</summary>
    public const string Template = Prefix + "template";

    /// <summary>A Go template, as old manifests call it.</summary>
    public const string Prompt = Prefix + "prompt";

    /// <summary>The system text.</summary>
    public const string System = Prefix + "system";

    /// <summary>A JSON object of options.</summary>
    public const string Parameters = Prefix + "params";

    /// <summary>A JSON array of messages.</summary>
    public const string Messages = Prefix + "messages";

    /// <summary>A licence text; a manifest may hold several.</summary>
    public const string License = Prefix + "license";

    private const string Prefix = "application/vnd.ollama.image.";
}
