using System.Net.Http.Json;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>Responses outlive the server that made them.</summary>
public sealed class ResponseRestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_conversation_goes_on_after_a_restart()
    {
        using var directory = new TemporaryDirectory();
        string path;
        string[] before;
        await using (var first = await RestartedServer.StartAsync(directory.Path))
        {
            var made = await AskAsync(first.Client, new { input = "My name is Alice.", stream = false });
            path = "/v1/responses/" + made.GetProperty("id").GetString();
            before = await ReadAsync(first.Client, path);
        }

        await using var second = await RestartedServer.StartAsync(directory.Path);
        var next = second.Client;
        Assert.Equal(before, await ReadAsync(next, path));
        var answer = await AskAsync(
            next, new { input = "What is my name?", previous_response_id = path[(path.LastIndexOf('/') + 1)..] });
        var items = await next.GetFromJsonAsync<JsonElement>(
            $"/v1/responses/{answer.GetProperty("id").GetString()}/input_items?order=asc", Token);
        Assert.Equal(
            ["user", "assistant", "user"],
            items.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("role").GetString()));
        using var deleted = await next.DeleteAsync(path, Token);
        Assert.True(deleted.IsSuccessStatusCode);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(directory.Path, "*.record", SearchOption.AllDirectories),
            file => file.Contains(path[(path.LastIndexOf('/') + 1)..]));
    }

    private static async Task<string[]> ReadAsync(HttpClient client, string path) =>
    [
        await client.GetStringAsync(path, Token), await client.GetStringAsync(path + "?stream=true", Token),
        await client.GetStringAsync(path + "/input_items", Token),
    ];

    private static async Task<JsonElement> AskAsync(HttpClient client, object body)
    {
        var fields = JsonSerializer.SerializeToNode(body)!.AsObject();
        fields["model"] = "tiny-chat";
        fields["max_output_tokens"] = 16;
        fields["reasoning"] = JsonSerializer.SerializeToNode(new { effort = "none" });
        using var response = await client.PostAsJsonAsync("/v1/responses", fields, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
