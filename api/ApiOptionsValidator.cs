using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Access;

namespace Ollama.Platform.Api;

/// <summary>Stops the host on settings that could only surprise later.</summary>
internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    private static readonly TimeSpan HeartbeatMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatMax = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        var failures = new List<string>();
        if (options.BodyBytesMax is <= 0 or > int.MaxValue)
        {
            failures.Add($"OLLAMA_MAX_BODY_BYTES is {options.BodyBytesMax}; it may be 1 to {int.MaxValue} bytes.");
        }

        AddUnlessPositive(failures, "OLLAMA_MAX_MESSAGES", options.MessageCountMax);
        AddUnlessPositive(failures, "OLLAMA_MAX_IMAGES", options.ImageCountMax);
        AddUnlessPositive(failures, "OLLAMA_MAX_IMAGE_BYTES", options.ImageBytesMax);

        if (options.HeartbeatInterval != Timeout.InfiniteTimeSpan
            && (options.HeartbeatInterval < HeartbeatMin || options.HeartbeatInterval > HeartbeatMax))
        {
            failures.Add(
                $"OLLAMA_HEARTBEAT_INTERVAL is {options.HeartbeatInterval}; it may be {HeartbeatMin} to "
                + $"{HeartbeatMax}, or negative for no heartbeats.");
        }

        if (options.EndpointName.Length is 0 or > 256
            || options.EndpointName.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            failures.Add("EndpointName must be 1 to 256 visible ASCII characters: it is sent in a header.");
        }

        if (options.Grpc.MessageBytesMax <= 0)
        {
            failures.Add(
                $"OLLAMA_GRPC_MAX_MESSAGE is {options.Grpc.MessageBytesMax}; it may be 1 to {int.MaxValue} bytes.");
        }

        var responses = options.Responses;
        if (responses.KeepTime < TimeSpan.Zero || responses.CountMax < 1 || responses.BytesMax < 1
            || responses.EventBytesMax < 1 || responses.BackgroundCountMax < 0)
        {
            failures.Add("Responses: no time and no limit may be negative, and only the time may be zero.");
        }

        var batches = options.Batches;
        if (batches.ConcurrencyMax < 1 || batches.FileBytesMax < 0 || batches.AllFileBytesMax < 0
            || batches.FileCountMax < 0 || batches.LineCountMax < 1 || batches.LineBytesMax < 1
            || batches.UnfinishedCountMax < 0 || batches.KeptCountMax < 1 || batches.KeepTime <= TimeSpan.Zero)
        {
            failures.Add("Batches: no limit may be negative; lines, requests at a time and the time are at least 1.");
        }

        failures.AddRange(options.Origins.Where(origin => !OriginPattern.TryParse(origin, out _)).Select(origin =>
            $"OLLAMA_ORIGINS contains '{origin}'; an origin begins with a scheme such as https:// or contains one *."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void AddUnlessPositive(List<string> failures, string name, int value)
    {
        if (value <= 0)
        {
            failures.Add($"{name} is {value}; it may be 1 to {int.MaxValue}.");
        }
    }
}
