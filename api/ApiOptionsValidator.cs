using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Access;

namespace Ollama.Platform.Api;

/// <summary>Stops the host on settings that could only surprise later.</summary>
internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        var failures = new List<string>();
        if (options.BodyBytesMax is <= 0 or > int.MaxValue)
        {
            failures.Add($"BodyBytesMax is {options.BodyBytesMax}; it may be 1 to {int.MaxValue} bytes.");
        }

        if (options.EndpointName.Length is 0 or > 256
            || options.EndpointName.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            failures.Add("EndpointName must be 1 to 256 visible ASCII characters: it is sent in a header.");
        }

        failures.AddRange(options.Origins.Where(origin => !OriginPattern.TryParse(origin, out _)).Select(origin =>
            $"OLLAMA_ORIGINS contains '{origin}'; an origin begins with a scheme such as https:// or contains one *."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
