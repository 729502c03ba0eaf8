using Microsoft.Extensions.Logging;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Loads models with llama.cpp. Thread-safe; the log of the native library goes on until disposal.</summary>
internal sealed partial class LlamaEngineLoader : IEngineLoader, IDisposable
{
    // How the library's backends, the system and the C++ runtime tell it; the library has no code for this.
    private static readonly string[] OutOfMemoryWords =
    [
        "out of memory", "failed to allocate", "unable to allocate", "insufficient memory", "not enough memory",
        "cannot allocate memory", "bad_alloc",
    ];

    private readonly LlamaLibrary _library;
    private readonly NativeLogPump _log;
    private readonly ThreadGovernor _governor;
    private readonly LlamaModelLoader _models;
    private readonly LlamaDraftLoader _drafts;

    private LlamaEngineLoader(LlamaLibrary library, ILoggerFactory loggers)
    {
        _library = library;
        _log = new NativeLogPump(library, loggers.CreateLogger("llama.cpp"));
        _governor = new ThreadGovernor(
            new ProcessorLoad(TimeProvider.System), () => Environment.CpuUsage.TotalTime, TimeProvider.System);
        _models = new LlamaModelLoader(library);
        _drafts = new LlamaDraftLoader(_models, loggers.CreateLogger<LlamaDraftLoader>());
        Version = $"llama.cpp {library.LlamaVersion} (ggml {library.GgmlVersion})";
        LogStart(loggers.CreateLogger<LlamaEngineLoader>());
    }

    /// <inheritdoc/>
    public string Version { get; }

    /// <summary>Completes when the last line of the native log was written, after disposal.</summary>
    public Task LogEnded => _log.Ended;

    /// <summary>Opens the native library.</summary>
    /// <exception cref="EngineLoadException">It cannot be used; the message says why.</exception>
    public static LlamaEngineLoader Open(LlamaEngineOptions options, ILoggerFactory loggers)
    {
        try
        {
            return new LlamaEngineLoader(LlamaLibrary.Open(options.LibraryPath), loggers);
        }
        catch (LlamaLibraryException failure)
        {
            throw new EngineLoadException(failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> ListDevices() =>
        [.. _library.ListDevices().Select(device => device.IsGpu
            ? new DeviceDescription(device.Name, device.Description, true, device.FreeBytes, device.TotalBytes)
            : HostMemory.Describe(device.Name, device.Description))];

    /// <inheritdoc/>
    public IEngine Load(LoadSpecification specification, IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        LlamaEngineSizes.Check(specification, _library.SequencesMax);
        // What was made is freed in reverse order when a later step fails.
        var made = new Stack<IDisposable>();
        try
        {
            var model = _models.Load(specification, progress, cancellationToken);
            made.Push(model);
            ThrowIfUnusable(model, specification);
            var sizes = LlamaEngineSizes.Choose(specification, model);
            var context = LlamaContext.Create(model, sizes);
            made.Push(context);
            ThrowIfUnusable(context, specification);
            cancellationToken.ThrowIfCancellationRequested();
            // A number that the user gave is kept, and one thread waits for nobody.
            var threads = specification.ThreadCount == 0 && sizes.ThreadCount > 1
                ? _governor.Add(sizes.ThreadCount)
                : null;
            if (threads is not null)
            {
                made.Push(threads);
            }

            var parts = new LlamaEngineParts
            {
                Model = model,
                Context = context,
                Sizes = sizes,
                Pieces = LlamaPieces.Read(model.Vocabulary),
                Embedding = specification.Embedding,
                Threads = threads,
            };
            var engine = new LlamaEngine(_drafts.Load(specification, parts, cancellationToken));
            made.Clear();

            // The file's lists of tokens and merges were in memory twice.
            _library.TrimMemory();
            return engine;
        }
        catch (LlamaLoadException failure)
        {
            throw new EngineLoadException(failure.Message, failure)
            {
                IsOutOfMemory = OutOfMemoryWords.Any(
                    words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase)),
            };
        }
        finally
        {
            while (made.TryPop(out var part))
            {
                part.Dispose();
            }
        }
    }

    /// <summary>Ends the log.</summary>
    public void Dispose()
    {
        _governor.Dispose();
        _log.Dispose();
    }

    private static void ThrowIfUnusable(LlamaModel model, LoadSpecification specification)
    {
        if (!model.Vocabulary.HasTokenizer)
        {
            throw new EngineLoadException("The model has no tokenizer.");
        }

        if (!specification.Embedding && (!model.HasDecoder || model.HasEncoder || model.IsDiffusion || !model.IsCausal))
        {
            throw new EngineLoadException($"The model ({model.Description}) does not generate text token by token.");
        }
    }

    private static void ThrowIfUnusable(LlamaContext context, LoadSpecification specification)
    {
        if (!specification.Embedding && !context.HasCache)
        {
            throw new EngineLoadException("The model is an encoder; it makes embeddings only.");
        }

        if (specification.Embedding && context.Pooling == LlamaPooling.None)
        {
            throw new EngineLoadException("The model does not say how to pool embeddings.");
        }
    }

    private void LogStart(ILogger logger)
    {
        Log.Opened(logger, Version, _library.Variant, _library.Path);
        foreach (var device in ListDevices())
        {
            Log.Device(logger, device.Name, device.Description, device.FreeBytes >> 20, device.TotalBytes >> 20);
        }

        var requirements = _library.GpuRequirements;
        if (requirements.Count == 0)
        {
            return;
        }

        var report = string.Join("; ", GpuReport.Describe(requirements));
        if (GpuReport.IsWanting(requirements))
        {
            Log.GpuUnused(logger, report);
        }
        else
        {
            Log.GpuRequirements(logger, report);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Engine {Version}, {Variant}, from {Path}.")]
        public static partial void Opened(ILogger logger, string version, string variant, string path);

        [LoggerMessage(LogLevel.Information,
            "Device {Name}: {Description}, {FreeMebibytes} of {TotalMebibytes} MiB free.")]
        public static partial void Device(
            ILogger logger, string name, string description, long freeMebibytes, long totalMebibytes);

        [LoggerMessage(LogLevel.Warning, "GPU: not used, models run on the CPU: {Requirements}.")]
        public static partial void GpuUnused(ILogger logger, string requirements);

        [LoggerMessage(LogLevel.Information, "GPU: {Requirements}.")]
        public static partial void GpuRequirements(ILogger logger, string requirements);
    }
}
