namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>A value with named fields.</summary>
/// <param name="type">Its fields.</param>
/// <param name="values">Their values, in the same order.</param>
internal sealed class GoRecord(GoRecordType type, params GoValue[] values) : GoValue
{
    public GoRecordType Type => type;

    public IReadOnlyList<GoValue> Values => values;

    public override string TypeName => type.Name;

    // A struct is never empty.
    public override bool IsTrue => true;

    /// <summary>The value of a field; null when there is no such field.</summary>
    public GoValue? Find(string field)
    {
        for (var i = 0; i < type.Fields.Count; i++)
        {
            if (type.Fields[i].Name == field)
            {
                return values[i];
            }
        }

        return null;
    }
}
