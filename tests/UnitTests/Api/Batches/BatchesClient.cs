using System.Text;
using System.Text.Json;
using Ollama.Platform.UnitTests.Api.Responses;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Batches;

/// <summary>What tests of files and batches send and read.</summary>
internal static class BatchesClient
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A line that asks for a chat.</summary>
    public static string Line(string id, string model = "test", string url = "/v1/chat/completions") =>
        "{\"custom_id\":\"" + id + "\",\"method\":\"POST\",\"url\":\"" + url + "\",\"body\":{\"model\":\"" + model
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}}";

    /// <summary>Uploads a file and returns status and answer.</summary>
    public static async Task<(int Status, JsonElement Body)> UploadAsync(
        this ApiServer server, string content, string purpose = "batch", params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(purpose), "purpose" },
            { new ByteArrayContent(Encoding.UTF8.GetBytes(content)), "file", "lines.jsonl" },
        };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        using var response = await server.Client.PostAsync("/v1/files", form, Cancel);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)));
    }

    /// <summary>Uploads lines and makes a batch of them.</summary>
    public static async Task<JsonElement> StartBatchAsync(
        this ApiServer server, string lines, string endpoint = "/v1/chat/completions")
    {
        var (_, file) = await server.UploadAsync(lines);
        var (status, batch) = await server.PostAsync(
            "{\"input_file_id\":\"" + file.Text("id") + "\",\"endpoint\":\"" + endpoint
            + "\",\"completion_window\":\"24h\",\"metadata\":{\"a\":\"b\"}}",
            "/v1/batches");
        Assert.True(status == 200, batch.GetRawText());
        return batch;
    }

    /// <summary>Waits until a batch has a state.</summary>
    public static async Task<JsonElement> SeenAsync(this ApiServer server, string? id, params string[] states)
    {
        while (true)
        {
            var (_, batch) = await server.SendAsync(HttpMethod.Get, "/v1/batches/" + id);
            if (states.Contains(batch.Text("status")))
            {
                return batch;
            }

            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>The lines of a file.</summary>
    public static async Task<IReadOnlyList<JsonElement>> LinesAsync(this ApiServer server, string? fileId)
    {
        var text = await server.Client.GetStringAsync($"/v1/files/{fileId}/content", Cancel);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
