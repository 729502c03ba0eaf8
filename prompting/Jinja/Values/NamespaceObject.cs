namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>What <c>namespace()</c> makes: members that inner scopes may assign.</summary>
internal sealed class NamespaceObject : IJinjaObject
{
    public string TypeName => "Namespace";

    public string Display => "<Namespace>";

    public JinjaDict Members { get; } = new();

    public bool TryGetMember(string name, out JinjaValue value) => Members.TryGet(name, out value);
}
