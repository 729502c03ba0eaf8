using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llama-library-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_built_library_opens_once_and_says_what_it_is()
    {
        var library = NativeModels.Library;

        Assert.Same(library, LlamaLibrary.Open(null));
        Assert.StartsWith("0.5.0", library.LlamaVersion, StringComparison.Ordinal);
        Assert.StartsWith("0.25.1", library.GgmlVersion, StringComparison.Ordinal);
        Assert.Contains(library.ListDevices(), device => device is { Name: "CPU", IsGpu: false, TotalBytes: > 0 });
        Assert.Contains("CPU", library.SystemDescription, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(_folder, "nowhere");

        Assert.Contains(missing, Refusal(missing), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal(missing), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_lacks_the_library() =>
        Assert.StartsWith($"No libllama*.so in {_folder}", Refusal(_folder), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_library_is_refused_with_the_linkers_reason()
    {
        File.WriteAllText(Path.Combine(_folder, "libllama.so"), "junk");

        Assert.Matches("libllama.so cannot be opened: .*(file too short|invalid ELF header)",
            FileRefusal("libllama.so"));
    }

    [Fact]
    public void A_library_that_is_not_llama_is_refused()
    {
        File.Copy(Path.Combine(NativeFolder, "libggml-base.so"), Path.Combine(_folder, "libllama.so"));

        Assert.Contains("llama.cpp 0.5.0 is needed", FileRefusal("libllama.so"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_library_in_one_process_is_refused()
    {
        _ = NativeModels.Library;
        File.Copy(NativeModels.Library.Path, Path.Combine(_folder, "libllama.so"));

        Assert.Contains("already uses", Refusal(_folder), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_cpu_is_looked_into_and_other_libraries_are_passed_over()
    {
        var cpu = Directory.CreateDirectory(Path.Combine(_folder, "cpu")).FullName;
        File.WriteAllText(Path.Combine(cpu, "libllama-common.so"), "");
        File.WriteAllText(Path.Combine(cpu, "libllama.v0.5.0.so"), "");

        var found = LibraryFolder.Find(_folder);

        Assert.Equal(Path.Combine(cpu, "libllama.v0.5.0.so"), found.LibraryPath);
        Assert.Equal(_folder, found.Root);
        Assert.Null(found.FindModule("cuda13", "libggml-cuda.so"));
    }

    private static string NativeFolder => Path.GetDirectoryName(NativeModels.Library.Path)!;

    private string FileRefusal(string file) =>
        Assert.Throws<LlamaLibraryException>(() => LibraryFile.Open(Path.Combine(_folder, file))).Message;

    private static string Refusal(string folder) =>
        Assert.Throws<LlamaLibraryException>(() => LlamaLibrary.Open(folder)).Message;
}
