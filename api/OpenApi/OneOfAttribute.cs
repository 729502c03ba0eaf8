namespace Ollama.Platform.Api.OpenApi;

/// <summary>Says which records a field may hold whose type does not say it.</summary>
/// <param name="types">The records.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params Type[] types) : Attribute
{
    /// <summary>The records.</summary>
    public IReadOnlyList<Type> Types { get; } = types;
}
