namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A whole number.</summary>
internal sealed class GoInteger(long value) : GoValue
{
    public long Value => value;

    public override string TypeName => "int";

    public override bool IsTrue => value != 0;
}
