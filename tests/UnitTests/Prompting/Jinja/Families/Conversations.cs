namespace Ollama.Platform.UnitTests.Prompting.Jinja.Families;

/// <summary>Conversations and tools that the families are tried with, as JSON.</summary>
internal static class Conversations
{
    public const string Simple = """
        [
          {"role": "user", "content": "Hi"}
        ]
        """;

    public const string Exchange = """
        [
          {"role": "system", "content": "Be brief."},
          {"role": "user", "content": "Hi"},
          {"role": "assistant", "content": "Hello!"},
          {"role": "user", "content": "Bye é😀"}
        ]
        """;

    public const string ToolRoundTrip = """
        [
          {"role": "system", "content": "Be brief."},
          {"role": "user", "content": "Weather in Rome?"},
          {"role": "assistant", "content": "Let me look.", "reasoning_content": "A tool helps.",
            "thinking": "A tool helps.", "tool_calls": [{"id": "call00001", "type": "function",
            "function": {"name": "get_weather", "arguments": {"city": "Rome", "days": 2}}}]},
          {"role": "tool", "name": "get_weather", "tool_call_id": "call00001", "content": "20 °C"},
          {"role": "assistant", "content": "It is 20 °C."},
          {"role": "user", "content": "Thanks"}
        ]
        """;

    public const string ParallelCalls = """
        [
          {"role": "user", "content": "Rome now?"},
          {"role": "assistant", "content": "", "reasoning_content": "Two calls.", "thinking": "Two calls.",
            "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "get_weather",
            "arguments": {"city": "Rome"}}}, {"id": "call00002", "type": "function", "function": {"name": "now",
            "arguments": {}}}]},
          {"role": "tool", "name": "get_weather", "tool_call_id": "call00001", "content": "20"},
          {"role": "tool", "name": "now", "tool_call_id": "call00002", "content": "12:00"}
        ]
        """;

    public const string OneCall = """
        [
          {"role": "user", "content": "Time?"},
          {"role": "assistant", "content": "", "thinking": "One call.", "tool_calls": [{"id": "call00001",
            "type": "function", "function": {"name": "now", "arguments": {}}}]},
          {"role": "tool", "name": "now", "tool_call_id": "call00001", "content": "12:00"}
        ]
        """;

    public const string ThinkingHistory = """
        [
          {"role": "user", "content": "1+1?"},
          {"role": "assistant", "content": "<think>\nAdd.\n</think>\n\n2"},
          {"role": "user", "content": "And 2+2?"}
        ]
        """;

    public const string TwoUsers = """
        [
          {"role": "user", "content": "a"},
          {"role": "user", "content": "b"}
        ]
        """;

    public const string Parts = """
        [
          {"role": "user", "content": [{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text",
            "text": "there"}]}
        ]
        """;

    public const string Empty = """
        [
        
        ]
        """;

    public const string NoThink = """
        [
          {"role": "system", "content": "Be brief. /no_think"},
          {"role": "user", "content": "Hi"}
        ]
        """;

    public const string NestedCall = """
        [
          {"role": "user", "content": "Go"},
          {"role": "assistant", "content": null, "reasoning_content": "Call it.",
            "tool_calls": [{"id": "call00001", "type": "function", "function": {"name": "plan",
            "arguments": {"stops": ["Rome", "Pisa"], "by": {"train": true, "seat": null}, "days": 2.5}}}]},
          {"role": "tool", "tool_call_id": "call00001", "content": "ok"}
        ]
        """;

    public const string Tools = """
        [
          {"type": "function", "function": {"name": "get_weather", "description": "Weather of a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string",
            "description": "Its name"}, "days": {"type": "integer", "default": 3}}, "required": ["city"]}}},
          {"type": "function", "function": {"name": "now", "description": "Time & date",
            "parameters": {"type": "object", "properties": {}}}}
        ]
        """;

    public const string HermesTools = """
        [
          {"type": "function", "function": {"name": "plan", "description": "Plans a trip",
            "parameters": {"type": "object", "properties": {"stops": {"type": "array",
            "items": {"type": "string"}}, "prices": {"type": "object",
            "additionalProperties": {"type": "number"}}, "seat": {"type": ["string", "integer"]}, "by": {}}},
            "return": {"type": "boolean"}}}
        ]
        """;

    public const string TypedTools = """
        [
          {"type": "function", "function": {"name": "plan", "description": "Plans a trip",
            "parameters": {"type": "object", "properties": {"stops": {"type": "array",
            "items": {"type": "string"}, "description": "Where"}, "by": {"type": "string", "enum": ["train",
            "bus"], "default": "train"}, "seat": {"type": "object", "properties": {"row": {"type": "integer"},
            "window": {"type": ["boolean", "null"]}}, "required": ["row"]}}, "required": ["stops"]}}},
          {"type": "function", "function": {"name": "now", "description": "Tells the time",
            "parameters": {"type": "object", "properties": {}}}}
        ]
        """;
}
