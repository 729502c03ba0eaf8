namespace Ollama.Platform.Api.OpenApi;

/// <summary>How far a request goes, and so what it can be refused with.</summary>
internal enum RefusalScope
{
    /// <summary>It cannot be refused.</summary>
    None,

    /// <summary>It is read, and asks the library.</summary>
    Library,

    /// <summary>It asks for what is kept under an id.</summary>
    Kept,

    /// <summary>It moves or makes a model.</summary>
    Transfer,

    /// <summary>It runs a model.</summary>
    Run,
}
