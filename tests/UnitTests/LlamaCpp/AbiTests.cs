using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>The structs and functions of the binding are those of the library beside it.</summary>
[Collection(nameof(NativeLibraryUse))]
public sealed class AbiTests(NativeLibraryUse native)
{
    [Fact]
    public void Structs_have_the_sizes_of_the_header()
    {
        Assert.Equal(80, Unsafe.SizeOf<LlamaModelParams>());
        Assert.Equal(160, Unsafe.SizeOf<LlamaContextParams>());
        Assert.Equal(56, Unsafe.SizeOf<LlamaBatchNative>());
        Assert.Equal(64, Unsafe.SizeOf<LlamaQuantizeParams>());
        Assert.Equal(56, Unsafe.SizeOf<GgmlDeviceProps>());
    }

    [Theory]
    [InlineData(typeof(LlamaModelParams), "GpuLayerCount", 16)]
    [InlineData(typeof(LlamaModelParams), "LoadMode", 24)]
    [InlineData(typeof(LlamaModelParams), "MainGpu", 32)]
    [InlineData(typeof(LlamaModelParams), "TensorSplit", 40)]
    [InlineData(typeof(LlamaModelParams), "ProgressCallback", 48)]
    [InlineData(typeof(LlamaModelParams), "KeyValueOverrides", 64)]
    [InlineData(typeof(LlamaModelParams), "VocabularyOnly", 72)]
    [InlineData(typeof(LlamaModelParams), "LoadMtp", 77)]
    [InlineData(typeof(LlamaContextParams), "SequenceCountMax", 12)]
    [InlineData(typeof(LlamaContextParams), "OutputCountMax", 20)]
    [InlineData(typeof(LlamaContextParams), "ThreadCount", 28)]
    [InlineData(typeof(LlamaContextParams), "PoolingType", 44)]
    [InlineData(typeof(LlamaContextParams), "RopeFrequencyBase", 56)]
    [InlineData(typeof(LlamaContextParams), "DefragmentationThreshold", 84)]
    [InlineData(typeof(LlamaContextParams), "EvalCallback", 88)]
    [InlineData(typeof(LlamaContextParams), "TypeK", 104)]
    [InlineData(typeof(LlamaContextParams), "AbortCallback", 112)]
    [InlineData(typeof(LlamaContextParams), "Embeddings", 128)]
    [InlineData(typeof(LlamaContextParams), "KvUnified", 133)]
    [InlineData(typeof(LlamaContextParams), "Samplers", 136)]
    [InlineData(typeof(LlamaContextParams), "OtherContext", 152)]
    [InlineData(typeof(LlamaBatchNative), "Tokens", 8)]
    [InlineData(typeof(LlamaBatchNative), "Outputs", 48)]
    [InlineData(typeof(LlamaQuantizeParams), "AllowRequantize", 16)]
    [InlineData(typeof(LlamaQuantizeParams), "ImportanceMatrix", 24)]
    [InlineData(typeof(LlamaQuantizeParams), "BufferBytesMax", 56)]
    [InlineData(typeof(GgmlDeviceProps), "Async", 48)]
    public void A_field_stands_where_the_header_has_it(Type type, string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));

    [Fact]
    public void Every_bound_function_is_exported()
    {
        Assert.NotNull(native.Library);
        var imports = (
            from method in typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.Public)
            let import = method.GetCustomAttribute<LibraryImportAttribute>()
                ?? (method.GetCustomAttribute<DllImportAttribute>() is { } dll ? new LibraryImportAttribute(dll.Value) : null)
            where import is not null && import.LibraryName != "libc"
            select (import.LibraryName, method.Name)).ToList();
        Assert.True(imports.Count > 40);
        var missing = imports.Where(import => !NativeLibraries.HasExport(import.LibraryName, import.Name));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_version_is_the_one_that_the_structs_mirror()
    {
        var version = Architecture.SourceTree.ReadText("llamacpp/LLAMA_CPP_VERSION").Trim();
        Assert.Equal("v0.5.0", version);
        Assert.StartsWith("llama.cpp 0.5.0", native.Library.Version);
    }
}
