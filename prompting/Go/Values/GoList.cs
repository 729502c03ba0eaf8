namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A sequence of values of one type.</summary>
/// <param name="typeName">The type in Go's notation.</param>
/// <param name="items">The values; null for a list that was never made, which prints as <c>null</c> in JSON.</param>
/// <param name="notation">How it prints.</param>
internal sealed class GoList(
    string typeName, IReadOnlyList<GoValue>? items, GoNotation notation = GoNotation.Go) : GoValue
{
    public IReadOnlyList<GoValue> Items { get; } = items ?? [];

    public bool IsNil => items is null;

    public GoNotation Notation => notation;

    public override string TypeName => typeName;

    public override bool IsTrue => Items.Count > 0;
}
