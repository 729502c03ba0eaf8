using Google.Protobuf.Reflection;
using Ollama.V1;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>
/// The services, messages and numbers of the gRPC dialect as text. Clients of any age speak them, so that a line may
/// come but none may go or change: a field that goes leaves its number reserved, and its line with the word.
/// </summary>
public sealed class ProtoSnapshotTests
{
    private const string Snapshot = "tests/UnitTests/Architecture/protos.snapshot.txt";

    private static readonly FileDescriptor[] Files =
    [
        CommonReflection.Descriptor, InferenceReflection.Descriptor, EmbeddingReflection.Descriptor,
        ModelReflection.Descriptor, BlobReflection.Descriptor, TokenizeReflection.Descriptor,
        V1.Single.OllamaReflection.Descriptor,
    ];

    [Fact]
    public void The_protos_are_as_reviewed()
    {
        var actual = string.Join('\n', Files.SelectMany(Lines)) + "\n";
        var expected = SourceTree.Files.Contains(Snapshot) ? SourceTree.ReadText(Snapshot) : "";
        if (expected != actual)
        {
            var gone = expected.Split('\n').Except(actual.Split('\n')).ToList();
            var received = Path.Combine(SourceTree.Root, "artifacts", "protos.received.txt");
            File.WriteAllText(received, actual);
            Assert.Fail(gone.Count > 0
                ? $"These would break clients: {string.Join("; ", gone)}"
                : $"The protos have more; if that is wanted: cp {received} {SourceTree.Root}/{Snapshot}");
        }
    }

    [Fact]
    public void Every_proto_is_compared() => Offenders.None(
        SourceTree.Files.Where(file => file.EndsWith(".proto", StringComparison.Ordinal))
            .Select(file => file["api/Grpc/Protos/".Length..])
            .Except(Files.Select(file => file.Name)));

    private static IEnumerable<string> Lines(FileDescriptor file) =>
        file.Services.SelectMany(service => service.Methods.Select(method =>
                $"rpc {service.FullName}.{method.Name}({Side(method.IsClientStreaming, method.InputType)}) returns "
                + $"({Side(method.IsServerStreaming, method.OutputType)})"))
            .Concat(file.MessageTypes.SelectMany(Lines))
            .Concat(file.EnumTypes.SelectMany(type =>
                type.Values.Select(value => $"enum {type.FullName}.{value.Name} = {value.Number}")));

    private static IEnumerable<string> Lines(MessageDescriptor message) =>
        message.Fields.InFieldNumberOrder().Select(field =>
                $"message {message.FullName}.{field.Name} = {field.FieldNumber}: {Form(field)}")
            .DefaultIfEmpty($"message {message.FullName}")
            .Concat(message.NestedTypes.Where(nested => !nested.IsMapEntry).SelectMany(Lines));

    private static string Side(bool isStream, MessageDescriptor type) => (isStream ? "stream " : "") + type.FullName;

    private static string Form(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType.Fields;
            return $"map<{Form(entry[1])}, {Form(entry[2])}>";
        }

        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var scalar => scalar.ToString().ToLowerInvariant(),
        };
        return field.IsRepeated ? $"repeated {type}"
            : field.RealContainingOneof is { } choice ? $"{type} in {choice.Name}"
            : field.HasPresence && field.FieldType != FieldType.Message ? $"optional {type}"
            : type;
    }
}
