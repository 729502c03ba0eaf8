using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Weights, their metadata, adapters and quantization. Names and meanings are the header's.</summary>
internal static unsafe partial class NativeModel
{
    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaModelParams llama_model_default_params();

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LlamaModelHandle llama_model_load_from_file(string path, LlamaModelParams parameters);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_model_free(nint model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial nint llama_model_get_vocab(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_ctx_train(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_embd(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_embd_out(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_layer(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_head(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_head_kv(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_n_swa(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial uint llama_model_n_cls_out(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial ulong llama_model_n_params(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial ulong llama_model_size(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_desc(LlamaModelHandle model, byte* buffer, nuint bufferSize);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_ftype(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte* llama_ftype_name(int ftype);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_meta_count(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_meta_key_by_index(
        LlamaModelHandle model, int index, byte* buffer, nuint bufferSize);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial int llama_model_meta_val_str_by_index(
        LlamaModelHandle model, int index, byte* buffer, nuint bufferSize);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_model_has_encoder(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_model_has_decoder(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_model_is_recurrent(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_model_is_hybrid(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial byte llama_model_is_diffusion(LlamaModelHandle model);

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LlamaAdapterHandle llama_adapter_lora_init(LlamaModelHandle model, string path);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial void llama_adapter_lora_free(nint adapter);

    [LibraryImport(NativeLibraryName.Llama)]
    public static partial LlamaQuantizeParams llama_model_quantize_default_params();

    [LibraryImport(NativeLibraryName.Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint llama_model_quantize(string input, string output, LlamaQuantizeParams* parameters);
}
