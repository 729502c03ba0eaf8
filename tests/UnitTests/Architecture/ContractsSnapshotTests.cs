using System.Reflection;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>
/// The public surface of contracts/ as text, so that a change to what crosses a host boundary is a reviewed diff.
/// After a wanted change, copy the text that the failure names over the snapshot.
/// </summary>
public sealed class ContractsSnapshotTests
{
    private const string Snapshot = "tests/UnitTests/Architecture/contracts.snapshot.txt";

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] MadeByTheCompiler = ["Equals", "GetHashCode", "ToString", "Deconstruct"];

    [Fact]
    public void The_contracts_are_as_reviewed()
    {
        var actual = string.Join('\n', Surface()) + "\n";
        var expected = SourceTree.Files.Contains(Snapshot) ? SourceTree.ReadText(Snapshot) : "";
        if (expected != actual)
        {
            var received = Path.Combine(SourceTree.Root, "artifacts", "contracts.received.txt");
            File.WriteAllText(received, actual);
            Assert.Fail($"contracts/ changed; if that is wanted: cp {received} {SourceTree.Root}/{Snapshot}");
        }
    }

    private static IEnumerable<string> Surface()
    {
        var types = typeof(IModels).Assembly.GetExportedTypes();
        foreach (var type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{Kind(type)} {type.FullName}";
            if (type.IsEnum)
            {
                foreach (var value in Enum.GetNames(type))
                {
                    yield return $"  {value} = {Convert.ToInt64(Enum.Parse(type, value))}";
                }

                continue;
            }

            var members = type.GetMembers(Declared)
                .Where(member => member is PropertyInfo or MethodInfo { IsSpecialName: false })
                .Where(member => !member.Name.StartsWith('<') && !MadeByTheCompiler.Contains(member.Name))
                .Select(member => $"  {member}")
                .Order(StringComparer.Ordinal);
            foreach (var member in members)
            {
                yield return member;
            }
        }
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";
}
