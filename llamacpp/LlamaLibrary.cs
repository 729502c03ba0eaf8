using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// The native library, opened once for the whole process: there can be only one of it, since its symbols, its log and
/// its registry of backends are global. Thread-safe.
/// </summary>
#pragma warning disable CA1822 // Instance members, since there is nothing to ask before the library is open.
public sealed class LlamaLibrary
{
    private static readonly Lock Opening = new();
    private static LlamaLibrary? _opened;
    private static nint _handle;

    private LlamaLibrary(LibraryFolder folder, LibraryFile file)
    {
        Path = folder.LibraryPath;
        LlamaVersion = file.LlamaVersion;
        GgmlVersion = file.GgmlVersion;
    }

    /// <summary>The file that was opened.</summary>
    public string Path { get; }

    /// <summary>Version of llama.cpp as it says, e.g. <c>0.5.0-dev</c>.</summary>
    public string LlamaVersion { get; }

    /// <summary>Version of ggml as it says.</summary>
    public string GgmlVersion { get; }

    /// <summary>The GPU variant in use, e.g. <c>cuda13</c>; <c>cpu</c> when there is none.</summary>
    public string Variant { get; private set; } = "cpu";

    /// <summary>What the GPU variants need and whether it was found; in the order of preference.</summary>
    public IReadOnlyList<LlamaRequirement> GpuRequirements { get; private set; } = [];

    /// <summary>Instruction sets and features in use, as the library prints them.</summary>
    public string SystemDescription => DeviceList.DescribeSystem();

    /// <summary>Most sequences that one context can hold.</summary>
    public int SequencesMax => (int)NativeBackend.llama_max_parallel_sequences();

    /// <summary>Gives native memory that nothing occupies any more back to the system, as after a load.</summary>
    public void TrimMemory() => NativeHeap.Trim();

    /// <summary>The symbols of the opened library, for tests of the binding.</summary>
    internal static nint Handle => _handle;

    /// <summary>Opens the library, its CPU module that fits best and a GPU module whose needs are met.</summary>
    /// <param name="folder">The folder with the files; null for the one that the build put beside the program.</param>
    /// <returns>The same object on every call for the same folder.</returns>
    /// <exception cref="LlamaLibraryException">It cannot be used; nothing was changed and another folder may be
    /// tried.</exception>
    public static LlamaLibrary Open(string? folder)
    {
        var found = LibraryFolder.Find(folder);
        lock (Opening)
        {
            if (_opened is not null)
            {
                return _opened.Path == found.LibraryPath
                    ? _opened
                    : throw new LlamaLibraryException(
                        $"{found.LibraryPath} cannot be opened: this process already uses {_opened.Path}.");
            }

            if (_handle != 0)
            {
                // Imports bind on first use and stay bound, so a second library could not replace a broken first.
                throw new LlamaLibraryException("The native library failed before; the process must be started again.");
            }

            NativeEnvironment.DisableBacktraces();
            NativeHeap.KeepLittle();
            var library = OpenCore(found);
            library.LoadModules(found);
            return _opened = library;
        }
    }

    /// <summary>CPU and GPUs with the memory that is free now.</summary>
    public IReadOnlyList<LlamaDevice> ListDevices() => DeviceList.Read();

    /// <summary>Sends the library's log to a queue from now on; lines that do not fit are lost.</summary>
    public void AddLogReader(ChannelWriter<LlamaLogLine> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        LlamaLog.Subscribe(reader);
    }

    /// <summary>Stops sending.</summary>
    public void RemoveLogReader(ChannelWriter<LlamaLogLine> reader) => LlamaLog.Unsubscribe(reader);

    private static LlamaLibrary OpenCore(LibraryFolder folder)
    {
        var file = LibraryFile.Open(folder.LibraryPath);
        _handle = file.Handle;
        NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, Resolve);
        LogCallback.Install();
        AbortCallback.Install();
        NativeBackend.llama_backend_init();
        return new LlamaLibrary(folder, file);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == NativeLibraryName.Llama ? _handle : 0;

    private void LoadModules(LibraryFolder folder)
    {
        using var log = new LlamaLogCapture();
        // Takes the CPU module with the highest score on this machine's instruction sets.
        NativeBackend.ggml_backend_load_all_from_path(folder.Core);
        if (NativeBackend.ggml_backend_dev_by_type(GgmlDeviceType.Cpu) == 0)
        {
            throw new LlamaLibraryException(
                $"No module in {folder.Core} runs on this CPU: {log.DescribeErrors("no libggml-cpu*.so that fits")}.");
        }

        var probe = new GpuProbe(folder, GpuProbe.TryOpen, CudaDriverReader.Read);
        var requirements = new List<LlamaRequirement>();
        foreach (var variant in GpuVariant.All)
        {
            var checks = probe.Check(variant);
            requirements.AddRange(checks);
            if (Variant == "cpu" && checks.All(check => check.IsFound))
            {
                requirements.Add(LoadGpu(folder, variant));
            }
        }

        GpuRequirements = requirements;
    }

    private LlamaRequirement LoadGpu(LibraryFolder folder, GpuVariant variant)
    {
        using var log = new LlamaLogCapture();
        var module = folder.FindModule(variant.Name, variant.Module)!;
        var isLoaded = ListDevices().Any(device => device.IsGpu) || NativeBackend.ggml_backend_load(module) != 0;
        var gpus = ListDevices().Where(device => device.IsGpu).Select(device => device.Name).ToList();
        if (!isLoaded || gpus.Count == 0)
        {
            return new LlamaRequirement($"{variant.Name} device", false,
                log.DescribeErrors("the module found no device"));
        }

        Variant = variant.Name;
        return new LlamaRequirement($"{variant.Name} device", true, string.Join(", ", gpus));
    }
}
