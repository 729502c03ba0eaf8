namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A number with a fraction; every number of a JSON document is one.</summary>
internal sealed class GoFloat(double value) : GoValue
{
    public double Value => value;

    public override string TypeName => "float64";

    // Not a number is true, as in Go.
    public override bool IsTrue => value != 0;
}
