using System.Globalization;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Routing;

/// <summary>
/// Reads <c>X-Priority</c>, with which a request of any dialect says how urgent it is: the higher goes first.
/// </summary>
internal static class PriorityHeader
{
    /// <summary>The header's name, in gRPC the key of metadata.</summary>
    public const string Name = "X-Priority";

    /// <summary>The priority; 0 when nothing is said.</summary>
    /// <param name="text">The header's value; null or empty when it is absent.</param>
    /// <param name="model">The model as the client named it.</param>
    /// <exception cref="ModelException">It is no whole number, or out of range.</exception>
    public static int Read(string? text, string model)
    {
        if (string.IsNullOrEmpty(text))
        {
            return 0;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
            && priority is >= RequestPriority.Min and <= RequestPriority.Max
            ? priority
            : throw new ModelException(
                ModelErrorCode.RequestInvalid, model,
                $"{Name} must be a whole number from {RequestPriority.Min} to {RequestPriority.Max}");
    }
}
