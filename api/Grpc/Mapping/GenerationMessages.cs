using Ollama.Platform.Api.Grpc.Mapping;

namespace Ollama.V1;

internal sealed partial class ChatRequest : IGenerationFields;

internal sealed partial class GenerateRequest : IGenerationFields;
