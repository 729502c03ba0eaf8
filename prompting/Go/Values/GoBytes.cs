namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>The bytes of an image.</summary>
internal sealed class GoBytes(ReadOnlyMemory<byte> value) : GoValue
{
    public ReadOnlyMemory<byte> Value => value;

    public override string TypeName => "api.ImageData";

    public override bool IsTrue => value.Length > 0;
}
