using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Go.Nodes;
using Ollama.Platform.Prompting.Go.Syntax;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Chat;

/// <summary>
/// A Go template as models carry it. One that names <c>.Messages</c> writes the whole conversation; an older one
/// writes one exchange of <c>.System</c>, <c>.Prompt</c> and <c>.Response</c>, and is executed for each. Immutable.
/// </summary>
internal sealed class GoChatTemplate
{
    private readonly GoTemplate _template;
    private readonly GoTemplate _lastExchange;
    private readonly HashSet<string> _names;

    private GoChatTemplate(string source, GoTemplate template, HashSet<string> names)
    {
        (_template, _names) = (template, names);
        WritesToolResults = Names("toolcalls")
            && (Names("toolname") || source.Contains("\"tool\"", StringComparison.Ordinal));
        _lastExchange = template.WithBody(ResponseCut.After(template.Body));
    }

    /// <summary>The body as it was parsed.</summary>
    public ListNode Body => _template.Body;

    /// <summary>Writes whole conversations.</summary>
    public bool TakesMessages => Names("messages");

    /// <summary>Has a place for tools.</summary>
    public bool TakesTools => Names("tools");

    /// <summary>Has a place for the text after a gap.</summary>
    public bool TakesSuffix => Names("suffix");

    /// <summary>Writes calls and their results back into the conversation.</summary>
    public bool WritesToolResults { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It is not well formed.</exception>
    public static GoChatTemplate Parse(string source)
    {
        var template = GoTemplate.Parse(source);
        var names = new[] { template.Body }.Concat(template.Definitions.Values)
            .SelectMany(NodeWalk.Names).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!names.Contains("messages") && !names.Contains("response"))
        {
            // The answer has to go somewhere.
            var response = GoParser.Parse("{{ .Response }}").Body;
            template = template.WithBody(new ListNode(0, [.. template.Body.Nodes, .. response.Nodes]));
        }

        return new GoChatTemplate(source, template, names);
    }

    /// <summary>Whether the template names a field or a variable, in any spelling of its case.</summary>
    private bool Names(string name) => _names.Contains(name);

    /// <summary>Renders a conversation.</summary>
    /// <exception cref="TemplateException">The template failed or exceeded its limits.</exception>
    public string Render(ChatPrompt prompt)
    {
        var messages = MessageRecords.Collate(prompt.Messages);
        if (!TakesMessages)
        {
            return RenderExchanges(prompt, messages);
        }

        var system = string.Join(
            "\n\n", prompt.Messages.Where(message => message.Role == "system").Select(message => message.Content));
        return Render(
            _template, prompt,
            ("System", new GoString(system)),
            ("Messages", MessageRecords.Of(messages)),
            ("Tools", ToolRecords.Of(prompt.Tools)),
            ("Response", GoString.Empty));
    }

    /// <summary>Renders both sides of a gap.</summary>
    /// <exception cref="TemplateException">The template failed or exceeded its limits.</exception>
    public string RenderGap(ChatPrompt prompt, string prefix, string suffix) => Render(
        _template, prompt,
        ("Prompt", new GoString(prefix)), ("Suffix", new GoString(suffix)), ("Response", GoString.Empty));

    /// <summary>An exchange ends where the next message would come before what it already holds.</summary>
    private string RenderExchanges(ChatPrompt prompt, IReadOnlyList<ChatMessage> messages)
    {
        var text = new StringBuilder();
        var (system, question, answer) = ("", "", "");
        foreach (var message in messages)
        {
            var isComplete = message.Role switch
            {
                "system" => question.Length > 0 || answer.Length > 0,
                "user" => answer.Length > 0,
                _ => false,
            };
            if (isComplete)
            {
                text.Append(RenderExchange(_template));
                (system, question, answer) = ("", "", "");
            }

            (system, question, answer) = message.Role switch
            {
                "system" => (message.Content, question, answer),
                "user" => (system, message.Content, answer),
                "assistant" => (system, question, message.Content),
                _ => (system, question, answer),
            };
        }

        return text.Append(RenderExchange(_lastExchange)).ToString();

        string RenderExchange(GoTemplate template) => Render(
            template, prompt,
            ("System", new GoString(system)), ("Prompt", new GoString(question)), ("Response", new GoString(answer)));
    }

    private static string Render(GoTemplate template, ChatPrompt prompt, params (string Name, GoValue Value)[] values)
    {
        var think = prompt.Think;
        var level = think is { Enabled: true } ? think.Level ?? "medium" : "";
        var entries = values.Select(value => KeyValuePair.Create(value.Name, value.Value)).Concat(
        [
            new("Think", GoBool.Of(think is { Enabled: true })),
            new("ThinkLevel", new GoString(level)),
            new("IsThinkSet", GoBool.Of(think is not null)),
        ]);
        var dot = new GoMap("map[string]interface {}", entries, GoNil.Value);
        return template.Render(dot, prompt.Now, prompt.Cancellation);
    }
}
