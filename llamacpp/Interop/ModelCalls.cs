using System.Text;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Calls about weights, with managed arguments.</summary>
internal static unsafe class ModelCalls
{
    private const int TextBytes = 256;

    // enum llama_split_mode.
    private const int SplitNone = 0;
    private const int SplitByLayer = 1;

    /// <summary>Loads a file; the handle is invalid when that failed.</summary>
    public static LlamaModelHandle Load(string path, LlamaModelOptions options, LoadProgress progress)
    {
        var parameters = NativeModel.llama_model_default_params();
        parameters.n_gpu_layers = options.GpuLayerCount;
        // An empty list, ended by null: with devices the library computes long prompts there even of no layers.
        var noDevices = stackalloc nint[1];
        if (options.GpuLayerCount == 0)
        {
            parameters.devices = (nint)noDevices;
        }

        parameters.main_gpu = options.MainGpu ?? 0;
        parameters.split_mode = options.GpusSplit ? SplitByLayer : SplitNone;
        parameters.load_mode = options.MemoryMapped switch
        {
            null => LlamaLoadMode.Auto,
            true => LlamaLoadMode.Mmap,
            false => LlamaLoadMode.None,
        };
        if (options.HeaderOnly)
        {
            parameters.no_alloc = 1;
            // A mapped file and pretended buffers exclude each other; the library asserts it.
            parameters.load_mode = LlamaLoadMode.None;
        }

        parameters.progress_callback = LoadProgress.Callback;
        parameters.progress_callback_user_data = progress.State;
        return NativeModel.llama_model_load_from_file(path, parameters);
    }

    /// <summary>A short description: architecture, size, quantization.</summary>
    public static string Describe(LlamaModelHandle model)
    {
        var buffer = stackalloc byte[TextBytes];
        var length = NativeModel.llama_model_desc(model, buffer, TextBytes);
        return length <= 0 ? "" : NativeText.Read(buffer);
    }

    /// <summary>Name of the quantization.</summary>
    public static string DescribeFileType(LlamaModelHandle model) =>
        NativeText.Read(NativeModel.llama_ftype_name(NativeModel.llama_model_ftype(model)));

    /// <summary>Scalar metadata; arrays are not among them.</summary>
    public static Dictionary<string, string> ReadMetadata(LlamaModelHandle model)
    {
        var count = NativeModel.llama_model_meta_count(model);
        var metadata = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var key = ReadText((buffer, size) => NativeModel.llama_model_meta_key_by_index(model, index, (byte*)buffer,
                size));
            metadata[key] = ReadText(
                (buffer, size) => NativeModel.llama_model_meta_val_str_by_index(model, index, (byte*)buffer, size));
        }

        return metadata;
    }

    /// <summary>Writes a quantized copy.</summary>
    /// <returns>True when the library reports success.</returns>
    public static bool Quantize(string input, string output, LlamaFileType fileType, int threadCount)
    {
        var parameters = NativeModel.llama_model_quantize_default_params();
        parameters.ftype = fileType;
        parameters.nthread = threadCount;
        parameters.allow_requantize = 1;
        return NativeModel.llama_model_quantize(input, output, &parameters) == 0;
    }

    // The functions return the length that the whole text has, whatever fitted.
    private static string ReadText(Func<nint, nuint, int> read)
    {
        var buffer = new byte[TextBytes];
        while (true)
        {
            int length;
            fixed (byte* start = buffer)
            {
                length = read((nint)start, (nuint)buffer.Length);
            }

            if (length < buffer.Length)
            {
                return length <= 0 ? "" : Encoding.UTF8.GetString(buffer, 0, length);
            }

            buffer = new byte[length + 1];
        }
    }
}
