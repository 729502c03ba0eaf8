using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Ollama.Platform.StartupProfile;

/// <summary>No assembly of the folder defines a type, or a profile cannot hold it.</summary>
internal sealed class UnknownTypeException : Exception;

/// <summary>
/// Writes types into the metadata of a profile: those that the compiler named, and those of signatures that an assembly
/// holds. Encodings are those of ECMA-335, II.23.2.
/// </summary>
internal sealed class TypeEncoder(AssemblyIndex index, MetadataBuilder metadata)
    : ISignatureTypeProvider<byte[], object?>
{
    private static readonly Dictionary<string, SignatureTypeCode> Primitives = new()
    {
        ["bool"] = SignatureTypeCode.Boolean,
        ["char"] = SignatureTypeCode.Char,
        ["sbyte"] = SignatureTypeCode.SByte,
        ["byte"] = SignatureTypeCode.Byte,
        ["short"] = SignatureTypeCode.Int16,
        ["ushort"] = SignatureTypeCode.UInt16,
        ["int"] = SignatureTypeCode.Int32,
        ["uint"] = SignatureTypeCode.UInt32,
        ["long"] = SignatureTypeCode.Int64,
        ["ulong"] = SignatureTypeCode.UInt64,
        ["float"] = SignatureTypeCode.Single,
        ["double"] = SignatureTypeCode.Double,
        ["nint"] = SignatureTypeCode.IntPtr,
        ["nuint"] = SignatureTypeCode.UIntPtr,
        ["System.Object"] = SignatureTypeCode.Object,
        ["System.String"] = SignatureTypeCode.String,
    };

    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = [];
    private readonly Dictionary<DefinedType, TypeReferenceHandle> _references = [];

    /// <summary>Encodes a type that the compiler named.</summary>
    /// <param name="type">The type.</param>
    /// <param name="assemblies">Gets the names of the assemblies that it takes.</param>
    /// <exception cref="UnknownTypeException">There is no such type.</exception>
    public byte[] Encode(CompiledType type, ISet<string> assemblies)
    {
        if (type.Name == CompiledType.Array)
        {
            return GetSZArrayType(Encode(type.Arguments[0], assemblies));
        }

        if (type.Arguments.Count == 0 && Primitives.TryGetValue(type.Name, out var primitive))
        {
            return [(byte)primitive];
        }

        return Encode(First(type.Name), type.Arguments, assemblies);
    }

    /// <summary>Encodes a defined type with arguments.</summary>
    /// <exception cref="UnknownTypeException">It takes more or fewer, or one does not exist.</exception>
    public byte[] Encode(DefinedType type, IReadOnlyList<CompiledType> arguments, ISet<string> assemblies)
    {
        if (type.Definition.GetGenericParameters().Count != arguments.Count)
        {
            throw new UnknownTypeException();
        }

        assemblies.Add(type.AssemblyName);
        var bare = Encode(type);
        return arguments.Count == 0
            ? bare
            : GetGenericInstantiation(bare, [.. arguments.Select(argument => Encode(argument, assemblies))]);
    }

    /// <summary>A reference to a defined type.</summary>
    public TypeReferenceHandle Refer(DefinedType type)
    {
        if (!_references.TryGetValue(type, out var reference))
        {
            EntityHandle scope = type.Enclosing is { } enclosing ? Refer(enclosing) : Refer(type.AssemblyName);
            reference = metadata.AddTypeReference(
                scope,
                metadata.GetOrAddString(type.Reader.GetString(type.Definition.Namespace)),
                metadata.GetOrAddString(type.Reader.GetString(type.Definition.Name)));
            _references.Add(type, reference);
        }

        return reference;
    }

    /// <inheritdoc/>
    public byte[] GetPrimitiveType(PrimitiveTypeCode typeCode) => [(byte)typeCode];

    /// <inheritdoc/>
    public byte[] GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Encode(new DefinedType(reader, handle));

    /// <inheritdoc/>
    public byte[] GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Encode(First(AssemblyIndex.NameOf(reader, handle)));

    /// <inheritdoc/>
    public byte[] GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    /// <inheritdoc/>
    public byte[] GetSZArrayType(byte[] elementType) => [(byte)SignatureTypeCode.SZArray, .. elementType];

    /// <inheritdoc/>
    public byte[] GetByReferenceType(byte[] elementType) => [(byte)SignatureTypeCode.ByReference, .. elementType];

    /// <inheritdoc/>
    public byte[] GetPointerType(byte[] elementType) => [(byte)SignatureTypeCode.Pointer, .. elementType];

    /// <inheritdoc/>
    public byte[] GetPinnedType(byte[] elementType) => [(byte)SignatureTypeCode.Pinned, .. elementType];

    /// <inheritdoc/>
    public byte[] GetGenericTypeParameter(object? genericContext, int index) =>
        [(byte)SignatureTypeCode.GenericTypeParameter, .. Compress(index)];

    /// <inheritdoc/>
    public byte[] GetGenericMethodParameter(object? genericContext, int index) =>
        [(byte)SignatureTypeCode.GenericMethodParameter, .. Compress(index)];

    /// <inheritdoc/>
    public byte[] GetGenericInstantiation(byte[] genericType, ImmutableArray<byte[]> typeArguments) =>
    [
        (byte)SignatureTypeCode.GenericTypeInstance, .. genericType, .. Compress(typeArguments.Length),
        .. typeArguments.SelectMany(argument => argument),
    ];

    /// <inheritdoc/>
    public byte[] GetModifiedType(byte[] modifier, byte[] unmodifiedType, bool isRequired) =>
    [
        (byte)(isRequired ? SignatureTypeCode.RequiredModifier : SignatureTypeCode.OptionalModifier),
        .. modifier.Skip(1), .. unmodifiedType,
    ];

    /// <inheritdoc/>
    public byte[] GetArrayType(byte[] elementType, ArrayShape shape) => throw new UnknownTypeException();

    /// <inheritdoc/>
    public byte[] GetFunctionPointerType(MethodSignature<byte[]> signature) => throw new UnknownTypeException();

    private DefinedType First(string fullName) =>
        index.Find(fullName).Select(type => (DefinedType?)type).FirstOrDefault() ?? throw new UnknownTypeException();

    private byte[] Encode(DefinedType type) =>
    [
        (byte)(type.IsValueType ? SignatureTypeKind.ValueType : SignatureTypeKind.Class),
        .. Compress(CodedIndex.TypeDefOrRefOrSpec(Refer(type))),
    ];

    // The version is not looked at.
    private AssemblyReferenceHandle Refer(string assemblyName)
    {
        if (!_assemblies.TryGetValue(assemblyName, out var reference))
        {
            reference = metadata.AddAssemblyReference(
                metadata.GetOrAddString(assemblyName), new Version(0, 0, 0, 0), default, default, default, default);
            _assemblies.Add(assemblyName, reference);
        }

        return reference;
    }

    private static byte[] Compress(int number)
    {
        var blob = new BlobBuilder();
        blob.WriteCompressedInteger(number);
        return blob.ToArray();
    }
}
