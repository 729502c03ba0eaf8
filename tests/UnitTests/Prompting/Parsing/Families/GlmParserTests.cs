using Ollama.Platform.UnitTests.Prompting.Rendering.Families;

namespace Ollama.Platform.UnitTests.Prompting.Parsing.Families;

/// <summary>GLM and Laguna, which share the tags of their calls.</summary>
public sealed class GlmParserTests
{
    private const string Call =
        "<tool_call>w<arg_key>city</arg_key><arg_value>Paris</arg_value><arg_key>n</arg_key><arg_value>2</arg_value>"
        + "</tool_call>";

    private const string Read = "w{\"city\":\"Paris\",\"n\":2}";

    [Theory]
    [InlineData("glm-4.7", null, "R</think>\nA", "A", "R", "")]
    [InlineData("glm-4.7", true, "<think>R</think>" + Call + Call, "", "R", Read + " " + Read)]
    [InlineData("glm-4.7", false, "  A", "  A", "", "")]
    [InlineData("glm-ocr", null, "<think>R</think>\nA", "A", "R", "")]
    [InlineData("glm-ocr", null, "\nA", "\nA", "", "")]
    [InlineData("glm-4.7", false, "ok\n" + Call + "\nB", "okB", "", Read)]
    [InlineData("glm-4.7", false, "<tool_call>w\n<arg_key>city<arg_value>Paris</arg_value></tool_call>", "", "",
        "w{\"city\":\"Paris\"}")]
    [InlineData("glm-4.7", false, "<tool_call>w city</arg_key><arg_value>Paris</arg_value></tool_call>", "", "",
        "w{\"city\":\"Paris\"}")]
    [InlineData("glm-4.7", false, "<tool_call>w<arg_key>city</arg_key>Paris</arg_value></tool_call>", "", "",
        "w{\"city\":\"Paris\"}")]
    [InlineData("glm-4.7", false, "<tool_call>w<arg_key>city</arg_key><arg_value>\nA <b> & c\n</arg_value></tool_call>", "",
        "", "w{\"city\":\"A <b> & c\"}")]
    [InlineData("glm-4.7", false,
        "<tool_call>w<arg_key>city</arg_key><arg_key>n</arg_key><arg_value>Rome</arg_value><arg_value>1"
            + "</arg_value></tool_call>",
        "", "", "w{\"city\":\"Rome\",\"n\":1}")]
    [InlineData("glm-4.7", false, "<tool_call>w<arg_key>city</arg_key><arg_value>Paris</arg_value></tool_c", "", "",
        "w{\"city\":\"Paris\"}")]
    [InlineData("laguna", true, "R</think>\nA", "A", "R", "")]
    [InlineData("laguna", null, "A</assistant>", "A", "", "")]
    [InlineData("poolside-v1", false, Call, "", "", Read)]
    [InlineData("laguna", false, "<tool_call>{\"name\":\"w\",\"arguments\":{\"n\":2}}</tool_call>", "", "", "w{\"n\":2}")]
    [InlineData("laguna", false, "<tool_call>w{\"n\":2}</tool_call>", "", "", "w{\"n\":2}")]
    [InlineData("laguna", false, "<tool_call>read_file</tool_call>", "", "", "read{}")]
    [InlineData("laguna", false, "<tool_call>w<arg_key>n</arg_key><arg_value>2</arg_value>", "", "", "w{\"n\":2}")]
    [InlineData("laguna", false, "<tool_call>w{\"n\":", "", "", "")]
    [InlineData("laguna", false, "{\"name\": \"w\", \"arguments\": {\"n\":2}}", "", "", "w{\"n\":2}")]
    [InlineData("laguna", false, "{\"name\": \"x\"}", "{\"name\": \"x\"}", "", "")]
    [InlineData("laguna", false, "{\"answer\": 1}", "{\"answer\": 1}", "", "")]
    public void A_completion_is_taken_apart(
        string parser, bool? think, string text, string content, string thinking, string calls) =>
        Assert.Equal(new(content, thinking, calls), BuiltIn.Read(parser, text, think, Weather(), BuiltInRead()));

    [Theory]
    [InlineData("<tool_call>w<arg_key>city</arg_key></tool_call>", "invalid tool call: keys and values do not match")]
    [InlineData("<tool_call></tool_call>", "invalid tool call: keys and values do not match")]
    [InlineData("<tool_call>w<arg_key>n</arg_key><arg_value>2</arg_value>",
        "incomplete GLM tool call: the output ended inside the call")]
    [InlineData("<tool_call>x<arg_key>city</arg_key><arg_value>2</arg_value>",
        "incomplete GLM tool call: the output ended inside the call")]
    public void A_broken_call_fails_the_request(string text, string message) =>
        Assert.Equal(message, BuiltIn.Refusal("glm-4.7", text, false, Weather()));

    private static Ollama.Platform.Contracts.Models.ToolDefinition Weather() => Rendering.Conversations.Tool(
        """
        {"type":"function","function":{"name":"w","parameters":{"type":"object","required":["city"],
        "properties":{"city":{"type":"string"},"n":{"type":"integer"}}}}}
        """);

    private static Ollama.Platform.Contracts.Models.ToolDefinition BuiltInRead() => Parsers.Tool("read", "{}");
}
