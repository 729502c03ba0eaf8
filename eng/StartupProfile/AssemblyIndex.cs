using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ollama.Platform.StartupProfile;

/// <summary>A type that an assembly defines.</summary>
internal readonly record struct DefinedType(MetadataReader Reader, TypeDefinitionHandle Handle)
{
    /// <summary>The definition.</summary>
    public TypeDefinition Definition => Reader.GetTypeDefinition(Handle);

    /// <summary>The name of the assembly.</summary>
    public string AssemblyName => Reader.GetString(Reader.GetAssemblyDefinition().Name);

    /// <summary>As <see cref="CompiledType.Name"/>.</summary>
    public string FullName => AssemblyIndex.NameOf(Reader, Handle);

    /// <summary>The type that encloses it; null for none.</summary>
    public DefinedType? Enclosing =>
        Definition.GetDeclaringType() is { IsNil: false } enclosing ? new DefinedType(Reader, enclosing) : null;

    /// <summary>Its values are no references.</summary>
    public bool IsValueType => Definition.BaseType is { IsNil: false } parent
        && AssemblyIndex.NameOf(Reader, parent) is "System.ValueType" or "System.Enum"
        && FullName != "System.Enum";
}

/// <summary>What types the assemblies of a folder define, by full name.</summary>
internal sealed class AssemblyIndex
{
    private readonly ILookup<string, DefinedType> _types;

    private AssemblyIndex(IEnumerable<DefinedType> types) => _types = types.ToLookup(type => type.FullName);

    /// <summary>Reads all assemblies of a folder; they stay in memory.</summary>
    public static AssemblyIndex Read(string folder) => new(
        from file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal)
        let image = new PEReader(new MemoryStream(File.ReadAllBytes(file)))
        where image.HasMetadata
        let reader = image.GetMetadataReader()
        where reader.IsAssembly
        from handle in reader.TypeDefinitions
        select new DefinedType(reader, handle));

    /// <summary>The types of that name: none, one, or internal ones of several assemblies.</summary>
    public IEnumerable<DefinedType> Find(string fullName) => _types[fullName];

    /// <summary>The full name of a type that is defined or referred to; empty for any other.</summary>
    public static string NameOf(MetadataReader reader, EntityHandle handle)
    {
        var (enclosing, space, name) = handle.Kind switch
        {
            HandleKind.TypeDefinition => Parts(reader.GetTypeDefinition((TypeDefinitionHandle)handle)),
            HandleKind.TypeReference => Parts(reader.GetTypeReference((TypeReferenceHandle)handle)),
            _ => default,
        };
        return name.IsNil ? ""
            : !enclosing.IsNil ? $"{NameOf(reader, enclosing)}+{reader.GetString(name)}"
            : space.IsNil ? reader.GetString(name)
            : $"{reader.GetString(space)}.{reader.GetString(name)}";
    }

    private static (EntityHandle Enclosing, StringHandle Space, StringHandle Name) Parts(TypeDefinition type) =>
        (type.GetDeclaringType(), type.Namespace, type.Name);

    private static (EntityHandle Enclosing, StringHandle Space, StringHandle Name) Parts(TypeReference type) =>
        (type.ResolutionScope.Kind == HandleKind.TypeReference ? type.ResolutionScope : default, type.Namespace,
            type.Name);
}
