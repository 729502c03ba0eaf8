using Microsoft.Extensions.Options;

namespace Ollama.Platform.Silo.Models;

/// <summary>Stops the host with a sentence that says which setting is wrong and what it may be.</summary>
internal sealed class SiloOptionsValidator : IValidateOptions<SiloOptions>
{
    private const int SlotCountMax = 256;
    private const int LoadedModelCountMax = 10_000;
    private const int QueueLengthMax = 100_000;
    private const int ContextTokensMax = 16 * 1024 * 1024;
    private const int PrefixCacheMebibytesMax = 16 * 1024 * 1024;
    private static readonly TimeSpan ShutdownGraceMax = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SiloOptions options)
    {
        string?[] sentences =
        [
            Check("OLLAMA_NUM_PARALLEL", options.SlotCount, 0, SlotCountMax),
            Check("OLLAMA_MAX_LOADED_MODELS", options.LoadedModelCountMax, 0, LoadedModelCountMax),
            Check("OLLAMA_MAX_QUEUE", options.QueueLengthMax, 0, QueueLengthMax),
            Check("The length of a loaded model's queue", options.SlotQueueLengthMax, 1, QueueLengthMax),
            Check("OLLAMA_CONTEXT_LENGTH", options.ContextTokens, 0, ContextTokensMax),
            Check("OLLAMA_PREFIX_CACHE_MIB", options.PrefixCacheMebibytes, -1, PrefixCacheMebibytesMax),
            options.ShutdownGrace < TimeSpan.Zero || options.ShutdownGrace > ShutdownGraceMax
                ? $"The grace period must be between 0 and {ShutdownGraceMax}; it is {options.ShutdownGrace}."
                : null,
        ];
        var wrong = sentences.OfType<string>().ToArray();
        return wrong.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static string? Check(string setting, int value, int min, int max) =>
        value >= min && value <= max ? null : $"{setting} must be between {min} and {max}; it is {value}.";
}
