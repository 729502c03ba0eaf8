using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>Reads <c>deadline</c>: a number of seconds or a Go duration, above zero.</summary>
internal static class DeadlineReader
{
    // What a timer can wait for; nobody waits longer.
    private static readonly TimeSpan Max = TimeSpan.FromDays(49);

    /// <summary>Null for JSON null, which sets none.</summary>
    /// <exception cref="ModelException">The value is no duration, or not above zero.</exception>
    public static TimeSpan? Read(GoField field)
    {
        var deadline = KeepAliveReader.Read(field);
        return deadline is null ? null
            : deadline <= TimeSpan.Zero ? throw GoJsonErrors.Refuse("deadline must be above zero")
            : deadline > Max ? Max
            : deadline;
    }
}
