namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Is told that sequences have new tokens or ended.</summary>
internal interface ITokenListener
{
    /// <summary>
    /// Called on the decode thread after a step that published something: neither block nor allocate.
    /// </summary>
    void Published();
}
