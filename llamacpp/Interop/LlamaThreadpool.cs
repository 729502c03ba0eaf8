namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Worker threads that live as long as a context. Without one the library starts and joins threads for every graph.
/// </summary>
internal sealed unsafe class LlamaThreadpool
{
    // Length of ggml_threadpool_params.cpumask.
    private const uint ProcessorsMax = 512;

    // The CPU module is loaded at run time, so its functions come from the registry and not from an import.
    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;
    private nint _threadpool;

    private LlamaThreadpool(nint threadpool, nint free)
    {
        _threadpool = threadpool;
        _free = (delegate* unmanaged[Cdecl]<nint, void>)free;
    }

    /// <summary>For <c>llama_attach_threadpool</c>.</summary>
    public nint Address => _threadpool;

    /// <summary>Starts the workers, or returns null where there is no use or no support for them.</summary>
    /// <param name="threadCount">Threads, the caller of a computation included.</param>
    /// <param name="processors">Where the workers run; empty for anywhere.</param>
    public static LlamaThreadpool? TryCreate(int threadCount, IReadOnlyList<int> processors)
    {
        var device = NativeBackend.ggml_backend_dev_by_type(GgmlDeviceType.Cpu);
        if (threadCount < 2 || device == 0)
        {
            return null;
        }

        var registration = NativeBackend.ggml_backend_dev_backend_reg(device);
        var create = NativeBackend.ggml_backend_reg_get_proc_address(registration, "ggml_threadpool_new");
        var free = NativeBackend.ggml_backend_reg_get_proc_address(registration, "ggml_threadpool_free");
        if (create == 0 || free == 0)
        {
            return null;
        }

        GgmlThreadpoolParams parameters;
        NativeBackend.ggml_threadpool_params_init(&parameters, threadCount);
        // Workers spin this long for the next graph before they sleep: a millisecond or two, which covers the sampling
        // between two steps. The default is fifty times that, a core burnt after every request.
        parameters.poll = 1;
        foreach (var processor in processors)
        {
            // Each worker may be moved among these: a strict place would leave it waiting behind whatever else runs
            // there, and all others with it.
            if ((uint)processor < ProcessorsMax)
            {
                parameters.cpumask[processor] = 1;
            }
        }

        var threadpool = ((delegate* unmanaged[Cdecl]<GgmlThreadpoolParams*, nint>)create)(&parameters);
        return threadpool == 0 ? null : new LlamaThreadpool(threadpool, free);
    }

    /// <summary>Ends the workers; after the context was freed.</summary>
    public void Free()
    {
        if (_threadpool != 0)
        {
            _free(_threadpool);
            _threadpool = 0;
        }
    }
}
