namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>No value: what is missing, or null in JSON.</summary>
internal sealed class GoNil : GoValue
{
    private GoNil()
    {
    }

    public static GoNil Value { get; } = new();

    public override string TypeName => "<nil>";

    public override bool IsTrue => false;
}
