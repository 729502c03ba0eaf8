using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Carries the progress of one load to managed code, and its cancellation back.</summary>
internal sealed unsafe class LoadProgress(IProgress<float>? progress, CancellationToken cancellationToken) : IDisposable
{
    private GCHandle<LoadProgress> _self;

    /// <summary>For <c>progress_callback</c>.</summary>
    public static delegate* unmanaged[Cdecl]<float, void*, byte> Callback => &Report;

    /// <summary>
    /// What a listener threw; native frames cannot carry it, so the load is ended and it is thrown after.
    /// </summary>
    public Exception? Failure { get; private set; }

    /// <summary>For <c>progress_callback_user_data</c>; valid until disposal.</summary>
    public void* State
    {
        get
        {
            if (!_self.IsAllocated)
            {
                _self = new GCHandle<LoadProgress>(this);
            }

            return (void*)GCHandle<LoadProgress>.ToIntPtr(_self);
        }
    }

    public void Dispose() => _self.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Report(float fraction, void* state)
    {
        var load = GCHandle<LoadProgress>.FromIntPtr((nint)state).Target;
        return (byte)(load.Continue(fraction) ? 1 : 0);
    }

    private bool Continue(float fraction)
    {
        try
        {
            progress?.Report(fraction);
        }
#pragma warning disable CA1031 // An exception must not unwind native frames; it is kept and thrown after the call.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failure = failure;
            return false;
        }

        return !cancellationToken.IsCancellationRequested;
    }
}
