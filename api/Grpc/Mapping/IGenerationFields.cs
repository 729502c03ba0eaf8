using Google.Protobuf.WellKnownTypes;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>The fields that a chat and a completion have in common.</summary>
internal interface IGenerationFields
{
    /// <summary>The model as the client wrote it.</summary>
    string Model { get; }

    /// <summary>How to run and to choose tokens.</summary>
    Wire.Options? Options { get; }

    /// <summary>How long the model stays loaded.</summary>
    Duration? KeepAlive { get; }

    /// <summary>Constrains the answer.</summary>
    Wire.OutputFormat? Format { get; }

    /// <summary>Whether and how hard to think.</summary>
    Wire.Thinking? Think { get; }

    /// <summary>The client says whether to cut.</summary>
    bool HasTruncate { get; }

    /// <summary>Cuts prompts that are too long.</summary>
    bool Truncate { get; }

    /// <summary>The client says whether to shift.</summary>
    bool HasShift { get; }

    /// <summary>Whether the context may shift.</summary>
    bool Shift { get; }

    /// <summary>Reports log-probabilities.</summary>
    bool Logprobs { get; }

    /// <summary>Alternatives reported for each token.</summary>
    int TopLogprobs { get; }

    /// <summary>How long a stream may be silent.</summary>
    Duration? HeartbeatPeriod { get; }
}
