using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>Reads <c>deadline</c>: a number of seconds or a Go duration, above zero.</summary>
internal static class DeadlineReader
{
    /// <summary>Null for JSON null, which sets none.</summary>
    /// <exception cref="ModelException">The value is no duration, or not above zero.</exception>
    public static TimeSpan? Read(GoField field)
    {
        var deadline = KeepAliveReader.Read(field);
        return deadline is null ? null
            : deadline <= TimeSpan.Zero ? throw GoJsonErrors.Refuse("deadline must be above zero")
            : DeadlineHeader.Limit(deadline.Value);
    }
}
