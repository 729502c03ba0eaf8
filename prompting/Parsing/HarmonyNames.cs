using System.Globalization;
using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Names of functions as gpt-oss can declare them: identifiers. Clients' names are mapped before rendering and back
/// after parsing.
/// </summary>
internal sealed class HarmonyNames
{
    private static readonly HashSet<string> BuiltIn = ["browser.open", "browser.search", "browser.find", "python"];

    private readonly Dictionary<string, string> _identifiers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _originals = new(StringComparer.Ordinal);

    /// <summary>Maps the names of the tools, in their order.</summary>
    public HarmonyNames(IEnumerable<ToolDefinition> tools)
    {
        foreach (var tool in tools)
        {
            Add(tool.Name);
        }
    }

    /// <summary>The client's name for an identifier; the identifier itself when it is nobody's.</summary>
    public string Original(string identifier) => _originals.GetValueOrDefault(identifier, identifier);

    /// <summary>The prompt with identifiers for names, in its tools and in the calls of its history.</summary>
    public ChatPrompt Apply(ChatPrompt prompt) => prompt with
    {
        Tools = [.. prompt.Tools.Select(Apply)],
        Messages = [.. prompt.Messages.Select(Apply)],
    };

    private ToolDefinition Apply(ToolDefinition tool)
    {
        var name = Add(tool.Name);
        return name == tool.Name
            ? tool
            : new ToolDefinition { Name = name, Definition = Rename(tool.Definition, name) };
    }

    private ChatMessage Apply(ChatMessage message) => message with
    {
        ToolCalls = [.. message.ToolCalls.Select(call => call with { Name = Add(call.Name) })],
        ToolName = message.ToolName is null ? null : Add(message.ToolName),
    };

    private string Add(string name)
    {
        if (_identifiers.TryGetValue(name, out var known))
        {
            return known;
        }

        var identifier = BuiltIn.Contains(name) ? name : ToIdentifier(name);
        var unique = identifier;
        for (var number = 2; _originals.ContainsKey(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{identifier}_{number}");
        }

        (_identifiers[name], _originals[unique]) = (unique, name);
        return unique;
    }

    private static string ToIdentifier(string name)
    {
        var identifier = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value is ' ' or '-' or '.')
            {
                identifier.Append('_');
            }
            else if (Rune.IsLetterOrDigit(rune) || rune.Value is '_' or '$')
            {
                identifier.Append(rune.ToString());
            }
        }

        return identifier.Length == 0 ? "unnamed"
            : char.IsDigit(identifier[0]) ? "_" + identifier
            : identifier.ToString();
    }

    private static JsonElement Rename(JsonElement definition, string name)
    {
        if (ToolView.Member(definition, "function") is not { ValueKind: JsonValueKind.Object } function)
        {
            return definition;
        }

        return TypedArgument.ToJson(writer =>
        {
            foreach (var entry in definition.EnumerateObject())
            {
                if (entry.Name != "function")
                {
                    entry.WriteTo(writer);
                    continue;
                }

                writer.WriteStartObject("function");
                foreach (var member in function.EnumerateObject())
                {
                    if (member.Name == "name")
                    {
                        writer.WriteString("name", name);
                    }
                    else
                    {
                        member.WriteTo(writer);
                    }
                }

                writer.WriteEndObject();
            }
        });
    }
}
