using System.Reflection;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Opens the libraries of one folder by full path and answers the runtime's questions for them. Their names carry a
/// version (<c>libllama.v0.5.0.so</c>) and they find each other by their run path, so no search path is involved.
/// </summary>
internal static class NativeLibraries
{
    private static readonly Dictionary<string, nint> Handles = [];
    private static bool _resolving;

    /// <summary>Opens the libraries of a folder; they stay open until the process ends.</summary>
    /// <exception cref="LlamaLibraryException">A file is missing or cannot be opened.</exception>
    public static void Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new LlamaLibraryException($"The folder of the native library does not exist: {folder}.");
        }

        // Base first: the others name it as a dependency.
        Handles[NativeMethods.GgmlBase] = OpenOne(folder, "libggml-base*.so");
        Handles[NativeMethods.Ggml] = OpenOne(folder, "libggml.v*.so");
        Handles[NativeMethods.Llama] = OpenOne(folder, "libllama.*.so");
        if (!_resolving)
        {
            _resolving = true;
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
        }
    }

    /// <summary>Whether an opened library exports a function; for the check that binding and library agree.</summary>
    public static bool HasExport(string library, string function) =>
        NativeLibrary.TryGetExport(Handles[library], function, out _);

    private static nint OpenOne(string folder, string pattern)
    {
        var files = Directory.GetFiles(folder, pattern);
        if (files.Length != 1)
        {
            throw new LlamaLibraryException($"{folder} holds {files.Length} files like {pattern}; it must be one.");
        }

        try
        {
            return NativeLibrary.Load(files[0]);
        }
        catch (DllNotFoundException failure)
        {
            throw new LlamaLibraryException($"{files[0]} cannot be opened: {failure.Message}", failure);
        }
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath) =>
        Handles.GetValueOrDefault(library);
}
