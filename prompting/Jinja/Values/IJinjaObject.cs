namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>A value with behaviour of its own.</summary>
internal interface IJinjaObject
{
    /// <summary>What the type is called in error messages.</summary>
    string TypeName { get; }

    /// <summary>The text shown when the value is printed.</summary>
    string Display { get; }

    /// <summary>Reads a member; false when there is none of this name.</summary>
    bool TryGetMember(string name, out JinjaValue value);
}
