namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>
/// The sentences that tell a model how to call its tools. The form is what each family was trained on; the wording
/// around it is ours.
/// </summary>
internal static class CallInstructions
{
    /// <summary>Before a list of tools.</summary>
    public const string Lead = "These functions are available to help with the user's request:";

    /// <summary>Calls as JSON between tags.</summary>
    public const string Json =
        "To call a function, write one JSON object with its name and arguments between <tool_call></tool_call> tags, "
        + "and use one pair of tags for each call:\n<tool_call>\n"
        + "{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>";

    /// <summary>Calls as tags around each value.</summary>
    public const string Tags =
        "To call a function, write nothing after a call of this form:\n\n<tool_call>\n"
        + "<function=example_function_name>\n<parameter=example_parameter_1>\nvalue_1\n</parameter>\n"
        + "<parameter=example_parameter_2>\nA value may take\nseveral lines\n</parameter>\n</function>\n</tool_call>"
        + "\n\n<IMPORTANT>\nReminder:\n"
        + "- A call keeps exactly to this form: <function=...></function> stands between "
        + "<tool_call></tool_call> tags\n"
        + "- Every required parameter has a value\n"
        + "- Reasoning comes before a call, never after it\n"
        + "- When no function helps, answer from what is known and do not mention functions\n</IMPORTANT>";

    /// <summary>Calls as keys and values between tags.</summary>
    public const string Arguments =
        "Write each function call between <tool_call></tool_call> tags in this form:\n"
        + "<tool_call>{function-name}<arg_key>{arg-key-1}</arg_key><arg_value>{arg-value-1}</arg_value>"
        + "<arg_key>{arg-key-2}</arg_key><arg_value>{arg-value-2}</arg_value>...</tool_call>";
}
