using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Ollama.Platform.StartupProfile;

/// <summary>
/// Writes a profile (<c>.mibc</c>) that crossgen2 reads: an assembly in a ZIP archive whose code is never run. Its
/// function <c>AssemblyDictionary</c> names, for each group of assemblies, a function that loads the token of every
/// method that is defined in the first of them and takes types of the others.
/// </summary>
internal sealed class ProfileWriter
{
    private const int StackDepth = 8;

    // Two profiles of one list are the same file.
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly AssemblyIndex _index;
    private readonly MetadataBuilder _metadata = new();
    private readonly TypeEncoder _types;
    private readonly SortedDictionary<string, InstructionEncoder> _groups = new(StringComparer.Ordinal);

    public ProfileWriter(AssemblyIndex index)
    {
        _index = index;
        _types = new TypeEncoder(index, _metadata);
    }

    /// <summary>Adds a method, with all its overloads of as many parameters; false when there is none.</summary>
    public bool TryAdd(CompiledMethod method)
    {
        var found = false;
        foreach (var type in _index.Find(method.Type.Name))
        {
            foreach (var handle in type.Definition.GetMethods())
            {
                found |= TryAdd(method, type, type.Reader.GetMethodDefinition(handle));
            }
        }

        return found;
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path)
    {
        var name = Path.GetFileName(path);
        var image = new BlobBuilder();
        var code = AddFunctions();
        _metadata.AddModule(
            0, _metadata.GetOrAddString(name), _metadata.GetOrAddGuid(new Guid(1, 0, 0, new byte[8])), default,
            default);
        _metadata.AddAssembly(
            _metadata.GetOrAddString(Path.GetFileNameWithoutExtension(name)), new Version(1, 0, 0, 0), default, default,
            default, AssemblyHashAlgorithm.None);
        new ManagedPEBuilder(
            PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(_metadata), code,
            deterministicIdProvider: _ => BlobContentId.FromHash(new byte[20])).Serialize(image);

        using var file = File.Create(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Create);
        var entry = archive.CreateEntry(name + ".dll", CompressionLevel.SmallestSize);
        entry.LastWriteTime = Epoch;
        using var content = entry.Open();
        image.WriteContentTo(content);
    }

    private bool TryAdd(CompiledMethod method, DefinedType type, MethodDefinition definition)
    {
        if (type.Reader.GetString(definition.Name) != method.Name
            || definition.GetGenericParameters().Count != method.Arguments.Count)
        {
            return false;
        }

        try
        {
            var signature = definition.DecodeSignature(_types, null);
            if (signature.ParameterTypes.Length != method.ParameterCount)
            {
                return false;
            }

            var assemblies = new SortedSet<string>(StringComparer.Ordinal);
            var token = Refer(method, type, signature, assemblies);
            assemblies.Remove(type.AssemblyName);
            var group = Group(string.Concat(assemblies.Prepend(type.AssemblyName).Select(name => name + ";")));
            group.OpCode(ILOpCode.Ldtoken);
            group.Token(token);
            group.OpCode(ILOpCode.Pop);
            return true;
        }
        catch (UnknownTypeException)
        {
            return false;
        }
    }

    private EntityHandle Refer(
        CompiledMethod method, DefinedType type, MethodSignature<byte[]> signature, ISet<string> assemblies)
    {
        var encoded = _types.Encode(type, method.Type.Arguments, assemblies);
        EntityHandle parent = method.Type.Arguments.Count == 0
            ? _types.Refer(type)
            : _metadata.AddTypeSpecification(_metadata.GetOrAddBlob(encoded));
        var member = _metadata.AddMemberReference(
            parent, _metadata.GetOrAddString(method.Name), _metadata.GetOrAddBlob(Encode(signature)));
        if (method.Arguments.Count == 0)
        {
            return member;
        }

        var arguments = new BlobBuilder();
        arguments.WriteByte((byte)SignatureKind.MethodSpecification);
        arguments.WriteCompressedInteger(method.Arguments.Count);
        foreach (var argument in method.Arguments)
        {
            arguments.WriteBytes(_types.Encode(argument, assemblies));
        }

        return _metadata.AddMethodSpecification(member, _metadata.GetOrAddBlob(arguments));
    }

    private static BlobBuilder Encode(MethodSignature<byte[]> signature)
    {
        var blob = new BlobBuilder();
        blob.WriteByte(signature.Header.RawValue);
        if (signature.Header.IsGeneric)
        {
            blob.WriteCompressedInteger(signature.GenericParameterCount);
        }

        blob.WriteCompressedInteger(signature.ParameterTypes.Length);
        blob.WriteBytes(signature.ReturnType);
        foreach (var parameter in signature.ParameterTypes)
        {
            blob.WriteBytes(parameter);
        }

        return blob;
    }

    private InstructionEncoder Group(string assemblies)
    {
        if (!_groups.TryGetValue(assemblies, out var group))
        {
            _groups.Add(assemblies, group = new InstructionEncoder(new BlobBuilder()));
        }

        return group;
    }

    private BlobBuilder AddFunctions()
    {
        var code = new BlobBuilder();
        var bodies = new MethodBodyStreamEncoder(code);
        var nothing = new BlobBuilder();
        new BlobEncoder(nothing).MethodSignature().Parameters(0, result => result.Void(), _ => { });
        var signature = _metadata.GetOrAddBlob(nothing);
        var dictionary = new InstructionEncoder(new BlobBuilder());
        foreach (var (assemblies, group) in _groups)
        {
            dictionary.LoadString(_metadata.GetOrAddUserString(assemblies));
            dictionary.OpCode(ILOpCode.Ldtoken);
            dictionary.Token(Add("Assemblies_" + assemblies, group));
            dictionary.OpCode(ILOpCode.Pop);
        }

        Add("AssemblyDictionary", dictionary);
        _metadata.AddTypeDefinition(
            default, default, _metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1),
            MetadataTokens.MethodDefinitionHandle(1));
        return code;

        MethodDefinitionHandle Add(string name, InstructionEncoder instructions) => _metadata.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.Static, MethodImplAttributes.IL, _metadata.GetOrAddString(name),
            signature, bodies.AddMethodBody(instructions, StackDepth), MetadataTokens.ParameterHandle(1));
    }
}
