using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// The native library, opened once in a process: version, devices, and which GPU backend is in use. Safe to share
/// between threads.
/// </summary>
[SuppressMessage("Performance", "CA1822", Justification = "Whoever holds the object knows that the library is open.")]
public sealed class LlamaLibrary
{
    private static readonly Lock Opening = new();
    private static LlamaLibrary? _opened;

    private LlamaLibrary(string folder, string version, IReadOnlyList<GpuSupport> gpus) =>
        (Folder, Version, Gpus) = (folder, version, gpus);

    /// <summary>The folder that the library came from.</summary>
    public string Folder { get; }

    /// <summary>E.g. <c>llama.cpp 0.5.0-dev (ggml 0.25.1)</c>.</summary>
    public string Version { get; }

    /// <summary>What each GPU backend needs and what is there.</summary>
    public IReadOnlyList<GpuSupport> Gpus { get; }

    /// <summary>Opens the library; later calls return the one that is open.</summary>
    /// <param name="folder">Folder of the libraries; null for <c>native/cpu</c> beside the program.</param>
    /// <param name="logger">Receives the native log.</param>
    /// <exception cref="LlamaLibraryException">The library is missing, damaged or of another version.</exception>
    public static LlamaLibrary Open(string? folder, ILogger logger)
    {
        lock (Opening)
        {
            return _opened ??= OpenFirst(folder ?? Path.Combine(AppContext.BaseDirectory, "native", "cpu"), logger);
        }
    }

    /// <summary>The devices with the memory that is free now.</summary>
    public IReadOnlyList<LlamaDevice> ListDevices() => Devices.List();

    /// <summary>Loads the weights of a GGUF file that was validated before; blocks until they are read.</summary>
    /// <param name="options">What to load and where to put it.</param>
    /// <param name="progress">Receives 0–1.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="LlamaLoadException">The library refused the file.</exception>
    /// <exception cref="OperationCanceledException">The load was canceled.</exception>
    public LlamaModel LoadModel(
        LlamaModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken) =>
        new(LlamaModelHandle.Load(options, progress, cancellationToken));

    /// <summary>Writes a copy of a model with smaller weights; blocks for as long as that takes.</summary>
    /// <param name="source">Path of a GGUF file.</param>
    /// <param name="target">Path of the file to write.</param>
    /// <param name="fileType">Number of the file type, as <c>llama_ftype</c> has it.</param>
    /// <param name="threadCount">Threads to use.</param>
    /// <exception cref="LlamaLoadException">The library failed.</exception>
    public void Quantize(string source, string target, int fileType, int threadCount) =>
        Quantization.Run(source, target, fileType, threadCount);

    private static LlamaLibrary OpenFirst(string folder, ILogger logger)
    {
        // Otherwise a failed assertion starts a debugger to print a stack; read by the library when it is opened.
        _ = NativeMethods.setenv("GGML_NO_BACKTRACE", "1", 1);
        NativeLibraries.Open(folder);
        var version = Handshake.Verify();
        NativeLog.Redirect(logger);
        NativeMethods.ggml_backend_load_all_from_path(folder);
        var gpus = GpuSupport.Probe(Path.GetDirectoryName(folder) ?? folder).Select(LoadGpu).ToList();
        if (NativeMethods.ggml_backend_dev_count() == 0)
        {
            throw new LlamaLibraryException($"{folder} holds no backend that this processor can run.");
        }

        NativeMethods.llama_backend_init();
        return new LlamaLibrary(folder, version, gpus);
    }

    private static GpuSupport LoadGpu(GpuSupport gpu) =>
        gpu.CanLoad ? gpu with { Loaded = NativeMethods.ggml_backend_load(gpu.ModulePath!) != 0 } : gpu;
}
