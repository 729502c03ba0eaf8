namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Reads the registry of devices.</summary>
internal static unsafe class DeviceList
{
    /// <summary>Every device of every backend that was loaded, with the memory that is free now.</summary>
    public static IReadOnlyList<LlamaDevice> Read()
    {
        var count = NativeBackend.ggml_backend_dev_count();
        var devices = new List<LlamaDevice>((int)count);
        for (nuint index = 0; index < count; index++)
        {
            GgmlDeviceProperties properties = default;
            NativeBackend.ggml_backend_dev_get_props(NativeBackend.ggml_backend_dev_get(index), &properties);
            devices.Add(new LlamaDevice(
                NativeText.Read(properties.name),
                NativeText.Read(properties.description),
                properties.type is GgmlDeviceType.Gpu or GgmlDeviceType.IntegratedGpu,
                (long)properties.memory_free,
                (long)properties.memory_total));
        }

        return devices;
    }

    /// <summary>Instruction sets and features that the loaded backends use, in one line.</summary>
    public static string DescribeSystem() => NativeText.Read(NativeBackend.llama_print_system_info()).Trim();
}
