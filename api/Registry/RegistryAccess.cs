namespace Ollama.Platform.Api.Registry;

/// <summary>What the registry's routes allow.</summary>
public enum RegistryAccess
{
    /// <summary>Models can be pulled from here and pushed to here.</summary>
    ReadWrite = 0,

    /// <summary>Models can be pulled from here.</summary>
    ReadOnly = 1,

    /// <summary>There are no such routes.</summary>
    Off = 2,
}
