using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Owns a <c>llama_model</c>.</summary>
internal sealed unsafe class LlamaModelHandle : SafeHandle
{
    private const int LoadModeRead = 0;
    private const int LoadModeMap = 1;

    private LlamaModelHandle(nint model)
        : base(0, ownsHandle: true) => SetHandle(model);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer, for calls while a reference is held.</summary>
    public nint Pointer => handle;

    public static LlamaModelHandle Load(
        LlamaModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.GpuLayerCount, -1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MainGpu);
        if (!File.Exists(options.Path))
        {
            throw new LlamaLoadException($"There is no file {options.Path}.");
        }

        NativeLog.TakeLastError();
        var report = new LoadReport(progress, cancellationToken);
        var pin = GCHandle.Alloc(report);
        try
        {
            var parameters = NativeMethods.llama_model_default_params();
            parameters.GpuLayerCount = options.GpuLayerCount;
            parameters.MainGpu = options.MainGpu;
            parameters.ProgressCallback = &OnProgress;
            parameters.ProgressCallbackUserData = (void*)GCHandle.ToIntPtr(pin);
            if (options.MemoryMapped is { } mapped)
            {
                parameters.LoadMode = mapped ? LoadModeMap : LoadModeRead;
            }

            var model = NativeMethods.llama_model_load_from_file(options.Path, parameters);
            if (model != 0)
            {
                return new LlamaModelHandle(model);
            }
        }
        finally
        {
            pin.Free();
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new LlamaLoadException(NativeLog.TakeLastError() ?? $"{options.Path} could not be loaded.");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMethods.llama_model_free(handle);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float progress, void* userData)
    {
        var report = (LoadReport)GCHandle.FromIntPtr((nint)userData).Target!;
        report.Progress?.Report(progress);
        return report.CancellationToken.IsCancellationRequested ? (byte)0 : (byte)1;
    }

    private sealed record LoadReport(IProgress<float>? Progress, CancellationToken CancellationToken);
}
