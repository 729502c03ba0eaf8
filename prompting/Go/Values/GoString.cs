namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A text. Its length and its parts count bytes of UTF-8, as in Go.</summary>
internal sealed class GoString(string value) : GoValue
{
    public static GoString Empty { get; } = new("");

    public string Value => value;

    public override string TypeName => "string";

    public override bool IsTrue => value.Length > 0;
}
