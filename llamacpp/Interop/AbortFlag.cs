using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// A flag at a fixed address: set by any thread, read by the library between two operations of a graph.
/// </summary>
internal sealed unsafe class AbortFlag
{
    private readonly int[] _raised = GC.AllocateArray<int>(1, pinned: true);

    /// <summary>For <c>abort_callback_data</c>; valid as long as this object is reachable.</summary>
    public void* Address => (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_raised, 0);

    /// <summary>For <c>abort_callback</c>.</summary>
    public static delegate* unmanaged[Cdecl]<void*, byte> Callback => &Read;

    /// <summary>Whether the flag is up.</summary>
    public bool IsRaised => Volatile.Read(ref _raised[0]) != 0;

    public void Raise() => Volatile.Write(ref _raised[0], 1);

    public void Lower() => Volatile.Write(ref _raised[0], 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Read(void* address) => (byte)(Volatile.Read(ref *(int*)address) != 0 ? 1 : 0);
}
