using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary><c>ggml_backend_dev_props</c>; filled by pointer, 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GgmlDeviceProps
{
    public byte* Name;
    public byte* Description;
    public nuint MemoryFree;
    public nuint MemoryTotal;
    public int Type;
    public byte* DeviceId;
    public byte Async;
    public byte HostBuffer;
    public byte BufferFromHostPointer;
    public byte Events;
    public byte MemoryMapping;
}
