using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Ollama.Platform.StartupProfile;

namespace Ollama.Platform.UnitTests.StartupProfile;

/// <summary>A profile of this program's own methods.</summary>
public sealed class ProfileWriterTests : IDisposable
{
    private static readonly Lazy<AssemblyIndex> Own = new(() => AssemblyIndex.Read(AppContext.BaseDirectory));
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".mibc");

    [Fact]
    public void A_profile_groups_methods_by_the_assemblies_that_they_take()
    {
        var writer = new ProfileWriter(Own.Value);
        Assert.True(Add(writer, "Ollama.Platform.UnitTests.StartupProfile.Sample`1[Xunit.FactAttribute]:Take(byref)"));
        Assert.True(Add(writer, "Ollama.Platform.UnitTests.StartupProfile.Sample`1[int]:Make[bool](int)"));
        Assert.True(Add(writer, "Ollama.Platform.UnitTests.StartupProfile.Sample`1+Inner[int]:Make()"));
        writer.Write(_path);

        var reader = Read(out var image);
        using (image)
        {
            var functions = reader.MethodDefinitions
                .Select(handle => reader.GetString(reader.GetMethodDefinition(handle).Name));
            Assert.Equal(
                [
                    "Assemblies_Ollama.Platform.UnitTests;", "Assemblies_Ollama.Platform.UnitTests;xunit.v3.core;",
                    "AssemblyDictionary",
                ],
                functions);
            Assert.Equal(
                ["Make", "Make", "Take"],
                reader.MemberReferences.Select(handle => reader.GetString(reader.GetMemberReference(handle).Name))
                    .Order(StringComparer.Ordinal));
            Assert.Equal(1, reader.GetTableRowCount(TableIndex.MethodSpec));
        }
    }

    [Theory]
    [InlineData("Ollama.Platform.UnitTests.StartupProfile.Sample`1[int]:Gone()")]
    [InlineData("Ollama.Platform.UnitTests.StartupProfile.Sample`1[int]:Take()")]
    [InlineData("Ollama.Platform.UnitTests.StartupProfile.Sample`1[int,int]:Take(byref)")]
    [InlineData("Ollama.Platform.UnitTests.StartupProfile.Sample`1[Gone.Type]:Take(byref)")]
    [InlineData("Ollama.Platform.UnitTests.StartupProfile.Sample`1[int]:Make[Gone.Type](int)")]
    [InlineData("Gone.Type:Run()")]
    public void A_method_that_is_not_there_is_left_out(string text) =>
        Assert.False(Add(new ProfileWriter(Own.Value), text));

    [Fact]
    public void Two_profiles_of_one_list_are_the_same_file()
    {
        Assert.Equal(Write(), Write());

        byte[] Write()
        {
            var writer = new ProfileWriter(Own.Value);
            Add(writer, "Ollama.Platform.UnitTests.StartupProfile.Sample`1[int]:Take(byref)");
            writer.Write(_path);
            return File.ReadAllBytes(_path);
        }
    }

    public void Dispose() => File.Delete(_path);

    private static bool Add(ProfileWriter writer, string text) => writer.TryAdd(
        CompiledMethod.TryRead($"   1: JIT compiled {text} [Tier0, IL size=1, code size=2]")!);

    private MetadataReader Read(out PEReader image)
    {
        using var archive = ZipFile.OpenRead(_path);
        using var entry = archive.GetEntry(Path.GetFileName(_path) + ".dll")!.Open();
        var content = new MemoryStream();
        entry.CopyTo(content);
        content.Position = 0;
        image = new PEReader(content);
        return image.GetMetadataReader();
    }
}

/// <summary>What the profiles above are of.</summary>
internal sealed class Sample<T>
{
    public static void Take(ref T value) => _ = value;

    public static TOther? Make<TOther>(int number) => number > 0 ? default : throw new InvalidOperationException();

    internal sealed class Inner
    {
        public static T? Make() => default;
    }
}
