using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>A conversation on a terminal, until <c>/bye</c> or the end of the input.</summary>
internal sealed class ChatSession
{
    private const string Prompt = ">>> ";
    private const string ContinuationPrompt = "... ";
    private const string Quote = "\"\"\"";

    private readonly CommandContext _context;
    private readonly ChatSettings _settings;
    private readonly IChatTerminal _terminal;
    private readonly SlashCommands _commands;
    private bool _vision;

    public ChatSession(CommandContext context, ChatSettings settings, IChatTerminal terminal, bool vision)
    {
        _context = context;
        _settings = settings;
        _terminal = terminal;
        _vision = vision;
        _commands = new SlashCommands(context, settings, this, terminal.History);
    }

    /// <summary>The messages so far, without the system message.</summary>
    public JsonArray Messages { get; private set; } = [];

    /// <summary>Replaces the conversation.</summary>
    /// <param name="messages">Its messages.</param>
    public void Begin(JsonArray messages) => Messages = messages;

    /// <summary>Takes the abilities and the messages of a model that was loaded.</summary>
    /// <param name="model">The answer of <c>/api/show</c>.</param>
    public void Take(JsonObject model)
    {
        _vision = Reply.Texts(model, "capabilities").Contains("vision");
        Begin(model["messages"] is JsonArray messages ? (JsonArray)messages.DeepClone() : []);
    }

    /// <summary>Reads and answers.</summary>
    /// <param name="model">The answer of <c>/api/show</c>.</param>
    /// <param name="cancellationToken">Ends the chat.</param>
    public async Task RunAsync(JsonObject model, CancellationToken cancellationToken)
    {
        Take(model);
        await _context.Server.PostAsync("api/generate", Loading(), cancellationToken);

        // Ctrl+C ends an answer; where there is none, it must not end the chat.
        using var ignoring = _terminal.OnInterrupt(() => { });
        while (!cancellationToken.IsCancellationRequested)
        {
            switch (_terminal.ReadLine(Prompt, out var line))
            {
                case LineEditor.Ending.Closed:
                    return;
                case LineEditor.Ending.Interrupted:
                    await _context.Out.WriteLineAsync("Use Ctrl + d or /bye to exit.");
                    continue;
                default:
                    if (!await TakeAsync(line, cancellationToken))
                    {
                        return;
                    }

                    continue;
            }
        }
    }

    private async Task<bool> TakeAsync(string line, CancellationToken ended)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(ended);
        using var listening = _terminal.OnInterrupt(() => _ = interrupted.CancelAsync());
        var cancellationToken = interrupted.Token;
        try
        {
            if (line.StartsWith('/') && !line.StartsWith("//", StringComparison.Ordinal)
                && SlashCommands.IsCommand(line))
            {
                return await _commands.RunAsync(line, ReadText, cancellationToken);
            }

            if (ReadText(line) is { } text && text.Trim().Length > 0)
            {
                await AnswerAsync(text, cancellationToken);
            }
        }
        catch (CommandException failure)
        {
            // One answer failed; the person can try again or go on with something else.
            await _context.Error.WriteLineAsync($"Error: {failure.Message}");
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            // The person did not want to wait for it.
        }

        return true;
    }

    /// <summary>Reads on until a quote that a text begins with is closed; null when it was interrupted.</summary>
    private string? ReadText(string line)
    {
        if (!line.StartsWith(Quote, StringComparison.Ordinal))
        {
            return line;
        }

        var text = line[Quote.Length..];
        while (true)
        {
            if (text.TrimEnd().EndsWith(Quote, StringComparison.Ordinal))
            {
                return text.TrimEnd()[..^Quote.Length].Trim('\n');
            }

            if (_terminal.ReadLine(ContinuationPrompt, out var next) != LineEditor.Ending.Entered)
            {
                return null;
            }

            text = $"{text}\n{next}";
        }
    }

    private async Task AnswerAsync(string text, CancellationToken cancellationToken)
    {
        var message = new JsonObject { ["role"] = "user", ["content"] = text };
        if (_vision && ImagePaths.Extract(text, out var rest) is { Count: > 0 } images)
        {
            message["content"] = rest;
            message["images"] = images;
        }

        var body = _settings.NewBody();
        var messages = new JsonArray();
        if (_settings.System is { } system)
        {
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = system });
        }

        foreach (var earlier in Messages)
        {
            messages.Add(earlier!.DeepClone());
        }

        messages.Add(message.DeepClone());
        body["messages"] = messages;
        var writer = new AnswerWriter(
            _context.Out, _context.IsOutputTerminal, _settings.WrapColumns(_context, _terminal),
            _settings.ThinkingHidden);
        var answer = await Answer.ShowAsync(
            _context, "api/chat", body, writer, _settings.Verbose, cancellationToken);
        await _context.Out.WriteLineAsync();
        Messages.Add(message);
        Messages.Add(answer);
    }

    private JsonObject Loading()
    {
        var body = _settings.NewBody();
        body.Remove("format");
        body["stream"] = false;
        return body;
    }
}
