using System.Net.Http.Json;
using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Lifecycle;

/// <summary>A batch outlives the server that began it: every line runs to its end, and none twice.</summary>
public sealed class BatchRestartTests
{
    private const int LineCount = 40;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_batch_goes_on_where_the_server_stopped()
    {
        using var directory = new TemporaryDirectory();
        string id;
        int before;
        await using (var first = await StartAsync(directory.Path))
        {
            id = await CreateAsync(first.Client);
            do
            {
                before = Completed(await ReadAsync(first.Client, id));
            }
            while (before == 0);
        }

        await using var second = await StartAsync(directory.Path);
        JsonElement batch;
        do
        {
            batch = await ReadAsync(second.Client, id);
        }
        while (batch.GetProperty("status").GetString() != "completed");

        Assert.Equal(LineCount, Completed(batch));
        var output = batch.GetProperty("output_file_id").GetString();
        var text = await second.Client.GetStringAsync($"/v1/files/{output}/content", Token);
        Assert.Equal(
            Enumerable.Range(0, LineCount),
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => int.Parse(JsonElement.Parse(line).GetProperty("custom_id").GetString()!)).Order());
    }

    private static Task<RestartedServer> StartAsync(string directory) =>
        RestartedServer.StartAsync(directory, options => options with { BatchParallel = 1 });

    private static async Task<string> CreateAsync(HttpClient client)
    {
        var lines = Enumerable.Range(0, LineCount).Select(index =>
            $"{{\"custom_id\":\"{index}\",\"method\":\"POST\",\"url\":\"/v1/completions\",\"body\":"
            + "{\"model\":\"tiny-chat\",\"prompt\":\"Count.\",\"max_tokens\":8,\"temperature\":0}}");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("batch"), "purpose" },
            { new StringContent(string.Join('\n', lines)), "file", "lines.jsonl" },
        };
        using var uploaded = await client.PostAsync("/v1/files", form, Token);
        var file = await uploaded.Content.ReadFromJsonAsync<JsonElement>(Token);
        var body = new
        {
            input_file_id = file.GetProperty("id").GetString(),
            endpoint = "/v1/completions",
            completion_window = "24h",
        };
        using var created = await client.PostAsJsonAsync("/v1/batches", body, Token);
        return (await created.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string id) =>
        await client.GetFromJsonAsync<JsonElement>("/v1/batches/" + id, Token);

    private static int Completed(JsonElement batch) =>
        batch.GetProperty("request_counts").GetProperty("completed").GetInt32();
}
