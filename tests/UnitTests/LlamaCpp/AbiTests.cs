using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>
/// The structs, enums and imports against the headers of the pinned version; repeated on each change of it.
/// </summary>
public sealed class AbiTests
{
    private static readonly Type[] Imports =
    [
        typeof(NativeBackend), typeof(NativeModel), typeof(NativeContext), typeof(NativeVocabulary),
        typeof(NativeSampling), typeof(NativeLog),
    ];

    public static TheoryData<string, int, int> Sizes => new()
    {
        { nameof(LlamaModelParams), Unsafe.SizeOf<LlamaModelParams>(), 80 },
        { nameof(LlamaContextParams), Unsafe.SizeOf<LlamaContextParams>(), 160 },
        { nameof(LlamaQuantizeParams), Unsafe.SizeOf<LlamaQuantizeParams>(), 64 },
        { nameof(LlamaBatchArrays), Unsafe.SizeOf<LlamaBatchArrays>(), 56 },
        { nameof(LlamaCandidate), Unsafe.SizeOf<LlamaCandidate>(), 12 },
        { nameof(LlamaCandidateArray), Unsafe.SizeOf<LlamaCandidateArray>(), 32 },
        { nameof(LlamaLogitBias), Unsafe.SizeOf<LlamaLogitBias>(), 8 },
        { nameof(LlamaSamplerChainParams), Unsafe.SizeOf<LlamaSamplerChainParams>(), 1 },
        { nameof(LlamaPerformance), Unsafe.SizeOf<LlamaPerformance>(), 48 },
        { nameof(GgmlDeviceProperties), Unsafe.SizeOf<GgmlDeviceProperties>(), 56 },
        { nameof(GgmlThreadpoolParams), Unsafe.SizeOf<GgmlThreadpoolParams>(), 528 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_struct_has_the_size_of_the_header(string name, int actual, int expected) =>
        Assert.True(actual == expected, $"{name} has {actual} bytes; the header's has {expected}.");

    [Fact]
    public void Model_parameters_lie_where_the_header_puts_them()
    {
        var s = default(LlamaModelParams);
        Assert.Equal(
            [0, 8, 16, 20, 24, 28, 32, 40, 64, 72, 73, 74, 75, 76, 77],
            [
                At(ref s, ref s.devices), At(ref s, ref s.tensor_buft_overrides), At(ref s, ref s.n_gpu_layers),
                At(ref s, ref s.split_mode), At(ref s, ref s.load_mode), At(ref s, ref s.lazy_mode),
                At(ref s, ref s.main_gpu), At(ref s, ref s.tensor_split), At(ref s, ref s.kv_overrides),
                At(ref s, ref s.vocab_only), At(ref s, ref s.check_tensors), At(ref s, ref s.use_extra_bufts),
                At(ref s, ref s.no_host), At(ref s, ref s.no_alloc), At(ref s, ref s.load_mtp),
            ]);
    }

    [Fact]
    public void Context_parameters_lie_where_the_header_puts_them()
    {
        var s = default(LlamaContextParams);
        Assert.Equal(
            [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 96, 104, 108],
            [
                At(ref s, ref s.n_ctx), At(ref s, ref s.n_batch), At(ref s, ref s.n_ubatch), At(ref s, ref s.n_seq_max),
                At(ref s, ref s.n_rs_seq), At(ref s, ref s.n_outputs_max), At(ref s, ref s.n_outputs_max_per_seq),
                At(ref s, ref s.n_threads), At(ref s, ref s.n_threads_batch), At(ref s, ref s.ctx_type),
                At(ref s, ref s.rope_scaling_type), At(ref s, ref s.pooling_type), At(ref s, ref s.attention_type),
                At(ref s, ref s.flash_attn_type), At(ref s, ref s.rope_freq_base), At(ref s, ref s.rope_freq_scale),
                At(ref s, ref s.yarn_ext_factor), At(ref s, ref s.yarn_attn_factor), At(ref s, ref s.yarn_beta_fast),
                At(ref s, ref s.yarn_beta_slow), At(ref s, ref s.yarn_orig_ctx), At(ref s, ref s.defrag_thold),
                At(ref s, ref s.cb_eval), At(ref s, ref s.cb_eval_user_data), At(ref s, ref s.type_k),
                At(ref s, ref s.type_v),
            ]);
        // The abort callback and its state are pointers at 112 and 120; what follows proves it.
        Assert.Equal(
            [128, 129, 130, 131, 132, 133, 136, 144, 152],
            [
                At(ref s, ref s.embeddings), At(ref s, ref s.offload_kqv), At(ref s, ref s.no_perf),
                At(ref s, ref s.op_offload), At(ref s, ref s.swa_full), At(ref s, ref s.kv_unified),
                At(ref s, ref s.samplers), At(ref s, ref s.n_samplers), At(ref s, ref s.ctx_other),
            ]);
    }

    [Fact]
    public void Quantization_parameters_lie_where_the_header_puts_them()
    {
        var s = default(LlamaQuantizeParams);
        Assert.Equal(
            [0, 4, 8, 12, 16, 17, 18, 19, 20, 21, 24, 32, 40, 48, 56],
            [
                At(ref s, ref s.nthread), At(ref s, ref s.ftype), At(ref s, ref s.output_tensor_type),
                At(ref s, ref s.token_embedding_type), At(ref s, ref s.allow_requantize),
                At(ref s, ref s.quantize_output_tensor), At(ref s, ref s.only_copy), At(ref s, ref s.pure),
                At(ref s, ref s.keep_split), At(ref s, ref s.dry_run), At(ref s, ref s.imatrix),
                At(ref s, ref s.kv_overrides), At(ref s, ref s.tt_overrides), At(ref s, ref s.prune_layers),
                At(ref s, ref s.max_buf_size),
            ]);
    }

    [Fact]
    public void Batches_devices_and_thread_pools_lie_where_the_headers_put_them()
    {
        var batch = default(LlamaBatchArrays);
        Assert.Equal(
            [0, 8, 16, 24, 32, 40, 48],
            [
                At(ref batch, ref batch.n_tokens), At(ref batch, ref batch.token), At(ref batch, ref batch.embd),
                At(ref batch, ref batch.pos), At(ref batch, ref batch.n_seq_id), At(ref batch, ref batch.seq_id),
                At(ref batch, ref batch.logits),
            ]);
        var device = default(GgmlDeviceProperties);
        Assert.Equal(
            [16, 24, 32, 48, 52],
            [
                At(ref device, ref device.memory_free), At(ref device, ref device.memory_total),
                At(ref device, ref device.type), At(ref device, ref device.caps_async),
                At(ref device, ref device.caps_mmap_support),
            ]);
        var pool = default(GgmlThreadpoolParams);
        Assert.Equal(
            [512, 516, 520, 524, 525],
            [
                At(ref pool, ref pool.n_threads), At(ref pool, ref pool.prio), At(ref pool, ref pool.poll),
                At(ref pool, ref pool.strict_cpu), At(ref pool, ref pool.paused),
            ]);
        var candidates = default(LlamaCandidateArray);
        Assert.Equal(
            [8, 16, 24],
            [
                At(ref candidates, ref candidates.size), At(ref candidates, ref candidates.selected),
                At(ref candidates, ref candidates.sorted),
            ]);
    }

    [Fact]
    public void The_library_fills_the_structs_with_its_documented_defaults()
    {
        _ = NativeModels.Library;
        var quantize = NativeModel.llama_model_quantize_default_params();
        Assert.Equal(LlamaFileType.Q8_0, quantize.ftype);
        // GGML_TYPE_COUNT stands for "not set".
        Assert.Equal(43, quantize.output_tensor_type);
        Assert.Equal(8UL << 30, quantize.max_buf_size);
        Assert.Equal(1, NativeSampling.llama_sampler_chain_default_params().no_perf);
    }

    [Fact]
    public void Enums_have_the_values_of_the_headers()
    {
        Assert.Equal([-1, 0, 1, 2, 3, 4], Enum.GetValues<LlamaPooling>().Select(v => (int)v).Order());
        Assert.Equal([-1, 0, 1, 2, 3, 4], Enum.GetValues<LlamaLoadMode>().Select(v => (int)v).Order());
        Assert.Equal([0, 1, 2, 3, 4], Enum.GetValues<GgmlDeviceType>().Select(v => (int)v));
        Assert.Equal(4, (int)LlamaLogLevel.Error);
        Assert.Equal(5, (int)LlamaLogLevel.Continuation);
        Assert.Equal(7, (int)LlamaFileType.Q8_0);
        Assert.Equal(15, (int)LlamaFileType.Q4_K_M);
        Assert.Equal(32, (int)LlamaFileType.BF16);
    }

    [Fact]
    public void Every_import_exists_in_the_library()
    {
        _ = NativeModels.Library;
        var imports = Imports
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsStatic && (method.Name.StartsWith("llama_") || method.Name.StartsWith("ggml_")))
            .Select(method => method.Name)
            .ToList();

        Assert.True(imports.Count > 80, $"Only {imports.Count} imports were found.");
        Assert.All(imports, name => Assert.True(NativeLibrary.TryGetExport(LlamaLibrary.Handle, name, out _), name));
    }

    private static int At<TStruct, TField>(ref TStruct structure, ref TField field) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<TStruct, byte>(ref structure), ref Unsafe.As<TField, byte>(ref field));
}
