namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A truth value.</summary>
internal sealed class GoBool : GoValue
{
    private GoBool(bool value) => Value = value;

    public static GoBool True { get; } = new(true);

    public static GoBool False { get; } = new(false);

    public bool Value { get; }

    public override string TypeName => "bool";

    public override bool IsTrue => Value;

    public static GoBool Of(bool value) => value ? True : False;
}
