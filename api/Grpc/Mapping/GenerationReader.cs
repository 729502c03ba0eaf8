using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Grpc.Calls;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>Reads chats and completions.</summary>
internal static class GenerationReader
{
    /// <summary>A conversation to continue.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    /// <exception cref="Errors.ApiException">The model is one of ollama.com.</exception>
    public static GenerationRequest Read(Wire.ChatRequest chat, GrpcCall call)
    {
        var request = ReadShared(chat, GenerationKind.Chat, call);
        return chat.Messages.Count == 0
            ? throw Refuse(chat.Model, "messages are required; LoadModel loads a model")
            : request with
            {
                Messages = [.. chat.Messages.Select(message => message.ToContract(chat.Model))],
                Tools = ToolsReader.Read(chat.Tools, chat.Model),
            };
    }

    /// <summary>A prompt to continue.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    /// <exception cref="Errors.ApiException">The model is one of ollama.com.</exception>
    public static GenerationRequest Read(Wire.GenerateRequest generate, GrpcCall call)
    {
        var request = ReadShared(generate, GenerationKind.Completion, call);
        if (generate.Prompt.Length == 0 && generate.PromptTokens.Count == 0)
        {
            throw Refuse(generate.Model, "prompt is required; LoadModel loads a model");
        }

        // Tokens are raw: whoever has them has applied a template, or wants none.
        var isRaw = generate.Raw || generate.PromptTokens.Count > 0;
        if (isRaw && (generate.Template.Length > 0 || generate.System.Length > 0 || generate.Context.Count > 0))
        {
            throw Refuse(generate.Model, "raw mode does not support template, system, or context");
        }

        return request with
        {
            Prompt = generate.Prompt,
            PromptTokens = [.. generate.PromptTokens],
            Suffix = WireMapping.OrNull(generate.Suffix),
            System = WireMapping.OrNull(generate.System),
            Template = WireMapping.OrNull(generate.Template),
            Raw = isRaw,
            Context = [.. generate.Context],
            Images = [.. generate.Images.Select(image => image.Memory)],
        };
    }

    private static GenerationRequest ReadShared(IGenerationFields fields, GenerationKind kind, GrpcCall call)
    {
        var model = ModelReference.Parse(fields.Model, Routing.RouteKind.Chat).Text;
        if (fields.TopLogprobs is < 0 or > GenerationSettings.TopLogProbCountMax)
        {
            throw Refuse(
                fields.Model, $"top_logprobs must be between 0 and {GenerationSettings.TopLogProbCountMax}");
        }

        return new GenerationRequest
        {
            Model = model,
            Kind = kind,
            Options = OptionsReader.Read(fields.Options, fields.Model),
            KeepAlive = DurationReader.KeepAlive(fields.KeepAlive, fields.Model),
            Format = ReadFormat(fields.Format, fields.Model),
            Think = ReadThinking(fields.Think, fields.Model),
            Truncate = !fields.HasTruncate || fields.Truncate,
            Shift = fields.HasShift ? fields.Shift : null,
            LogProbs = fields.Logprobs,
            TopLogProbCount = fields.Logprobs ? fields.TopLogprobs : 0,
            Priority = call.Priority(),
            Deadline = call.Deadline(),
        };
    }

    private static OutputFormat? ReadFormat(Wire.OutputFormat? format, string model)
    {
        switch (format?.KindCase)
        {
            case Wire.OutputFormat.KindOneofCase.Json:
                return format.Json ? new OutputFormat(OutputFormatKind.Json, null) : null;
            case Wire.OutputFormat.KindOneofCase.JsonSchema:
                return GoJsonBody.TryParseObject(format.JsonSchema, out var schema)
                    ? new OutputFormat(OutputFormatKind.JsonSchema, schema)
                    : throw new ModelException(
                        ModelErrorCode.FormatInvalid, model, "invalid format: json_schema must be a JSON object");
            default:
                return null;
        }
    }

    private static ThinkSetting? ReadThinking(Wire.Thinking? thinking, string model) => thinking?.KindCase switch
    {
        Wire.Thinking.KindOneofCase.Enabled => new ThinkSetting(thinking.Enabled, null),
        Wire.Thinking.KindOneofCase.Level => new ThinkSetting(true, thinking.Level switch
        {
            Wire.ThinkLevel.Low => "low",
            Wire.ThinkLevel.Medium => "medium",
            Wire.ThinkLevel.High => "high",
            Wire.ThinkLevel.Max => "max",
            _ => throw Refuse(model, "think.level must be low, medium, high or max"),
        }),
        _ => null,
    };

    private static ModelException Refuse(string model, string message) =>
        new(ModelErrorCode.RequestInvalid, model, message);
}
