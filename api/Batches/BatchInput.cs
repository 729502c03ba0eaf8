using Ollama.Platform.Api.Batches.Wire;

namespace Ollama.Platform.Api.Batches;

/// <summary>Checks the input of a batch from its first line to its last, before any of it runs.</summary>
internal static class BatchInput
{
    private const int ErrorCountMax = 100;

    /// <summary>The number of requests, and the first of the mistakes.</summary>
    public static async Task<(int Count, IReadOnlyList<LineError> Errors)> CheckAsync(
        Stream content, string endpoint, BatchOptions limits, CancellationToken cancellationToken)
    {
        var errors = new List<LineError>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        await using var lines = new LineReader(content, limits.LineBytesMax);
        while (errors.Count < ErrorCountMax && await lines.NextAsync(cancellationToken) is { } text)
        {
            if (++count > limits.LineCountMax)
            {
                errors.Add(new LineError(
                    "too_many_requests", null, $"A batch may have {limits.LineCountMax} requests.", null));
                break;
            }

            var line = BatchLine.Parse(text, lines.Number, endpoint, out var error);
            if (line is not null && !ids.Add(line.CustomId))
            {
                error = new LineError(
                    "duplicate_custom_id", lines.Number, "Another request of the batch has the same custom_id.",
                    "custom_id");
            }

            if (error is not null)
            {
                errors.Add(error);
            }
        }

        if (count == 0)
        {
            errors.Add(new LineError("empty_file", null, "The input file holds no request.", null));
        }

        return (count, errors);
    }
}
