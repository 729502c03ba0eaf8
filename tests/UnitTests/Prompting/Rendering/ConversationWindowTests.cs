using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

public sealed class ConversationWindowTests
{
    // Each message is written as its role's letter and its number of tokens.
    [Theory]
    [InlineData("u5 a5 u5", 15, "u5 a5 u5")]
    [InlineData("u5 a5 u5", 14, "a5 u5")]
    [InlineData("u5 a5 u5", 9, "u5")]
    [InlineData("u5 a5 u5", 1, "u5")]
    [InlineData("s5 u5 a5 u5", 14, "s5 u5")]
    [InlineData("s5 u5 s5 a5 u5", 15, "s5 s5 u5")]
    [InlineData("s5 u5 s5 a5 u5", 1, "s5 s5 u5")]
    [InlineData("u9 u1 a1 u1 a1 u1", 5, "u1 a1 u1 a1 u1")]
    [InlineData("u9 u1 a1 u1 a1 u1", 4, "a1 u1 a1 u1")]
    [InlineData("u1 a1 u1 a1 u1 a9 u1", 10, "a9 u1")]
    [InlineData("u1 s9", 5, "s9")]
    [InlineData("s9 s9", 5, "s9 s9")]
    [InlineData("u9", 5, "u9")]
    [InlineData("", 5, "")]
    public async Task The_oldest_messages_go_until_the_rest_fits(string messages, int tokensMax, string kept)
    {
        var result = await ConversationWindow.FitAsync(
            Messages(messages),
            tokensMax,
            (candidate, _) => new(Count(candidate)),
            TestContext.Current.CancellationToken);
        Assert.Equal(kept, Show(result));
    }

    [Theory]
    [InlineData("u5 a5 u5", 14, "u5")]
    [InlineData("u5 a5 u5 a5 u5", 20, "u5 a5 u5")]
    [InlineData("u5 a5 u5 a5 u5", 14, "u5")]
    [InlineData("a5 u5 u5", 5, "a5 u5 u5")]
    public async Task Conversations_that_the_template_refuses_are_passed_over(
        string messages, int tokensMax, string kept)
    {
        var result = await ConversationWindow.FitAsync(
            Messages(messages),
            tokensMax,
            (candidate, _) => new(candidate[0].Role == "user" ? Count(candidate) : default(int?)),
            TestContext.Current.CancellationToken);
        Assert.Equal(kept, Show(result));
    }

    [Fact]
    public async Task Halving_finds_what_dropping_one_by_one_finds()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var messages = Messages(string.Join(
                ' ',
                Enumerable.Range(0, random.Next(1, 12)).Select(_ => $"{"sua"[random.Next(3)]}{random.Next(9)}")));
            var tokensMax = random.Next(40);
            var result = await ConversationWindow.FitAsync(
                messages,
                tokensMax,
                (candidate, _) => new(Count(candidate)),
                TestContext.Current.CancellationToken);
            Assert.Equal(Show(OneByOne(messages, tokensMax)), Show(result));
        }
    }

    [Fact]
    public async Task A_thousand_messages_are_rendered_a_dozen_times()
    {
        var renderCount = 0;
        await ConversationWindow.FitAsync(
            Messages(string.Join(' ', Enumerable.Repeat("u1", 1_000))),
            100,
            (candidate, _) =>
            {
                renderCount++;
                return new(Count(candidate));
            },
            TestContext.Current.CancellationToken);
        Assert.InRange(renderCount, 2, 12);
    }

    private static List<ChatMessage> OneByOne(IReadOnlyList<ChatMessage> messages, int tokensMax)
    {
        var rest = messages.ToList();
        while (Count(rest) > tokensMax)
        {
            var oldest = rest.FindIndex(message => message.Role != "system");
            if (oldest < 0 || oldest == rest.Count - 1)
            {
                break;
            }

            rest.RemoveAt(oldest);
        }

        return rest;
    }

    private static List<ChatMessage> Messages(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new ChatMessage
        {
            Role = word[0] switch { 's' => "system", 'a' => "assistant", _ => "user" },
            Content = word[1..],
        }),
    ];

    private static int Count(IReadOnlyList<ChatMessage> messages) =>
        messages.Sum(message => int.Parse(message.Content, provider: null));

    private static string Show(IReadOnlyList<ChatMessage> messages) =>
        string.Join(' ', messages.Select(message => message.Role[0] + message.Content));
}
