using Ollama.Platform.Api.OpenAi;

namespace Ollama.Platform.Api.Responses;

/// <summary>The ids of responses and of what they consist of.</summary>
internal static class ResponseIds
{
    /// <summary>How the ids of responses begin.</summary>
    public const string Prefix = "resp_";

    /// <summary>A new response.</summary>
    public static string Response() => ObjectId.New(Prefix);

    /// <summary>A new item, by its type.</summary>
    public static string Item(string type) => ObjectId.New(type switch
    {
        "reasoning" => "rs_",
        "function_call" => "fc_",
        "function_call_output" => "fco_",
        _ => "msg_",
    });

    /// <summary>A new call, for a model whose calls have no ids.</summary>
    public static string Call() => ObjectId.New("call_");
}
