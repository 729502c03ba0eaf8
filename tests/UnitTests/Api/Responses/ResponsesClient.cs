using System.Text;
using System.Text.Json;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.Responses;

/// <summary>What tests of responses send and read.</summary>
internal static class ResponsesClient
{
    public const string Path = "/v1/responses";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends a body and returns status and answer.</summary>
    public static async Task<(int Status, JsonElement Body)> PostAsync(
        this ApiServer server, string body, string path = Path)
    {
        using var response = await server.Client.SendAsync(Post(body, path), Cancel);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)));
    }

    /// <summary>Sends a request without a body and returns status and answer.</summary>
    public static async Task<(int Status, JsonElement Body)> SendAsync(
        this ApiServer server, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await server.Client.SendAsync(request, Cancel);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel)));
    }

    /// <summary>The sentence of a refusal.</summary>
    public static string? Message(this JsonElement body) =>
        body.GetProperty("error").GetProperty("message").GetString();

    /// <summary>A text of an object.</summary>
    public static string? Text(this JsonElement body, string name) => body.GetProperty(name).GetString();

    /// <summary>All events of a stream.</summary>
    public static IReadOnlyList<JsonElement> Events(string stream) =>
    [
        .. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block =>
        {
            var lines = block.Split('\n');
            var data = JsonElement.Parse(lines[1]["data: ".Length..]);
            Assert.Equal("event: " + data.Text("type"), lines[0]);
            return data;
        }),
    ];

    /// <summary>A request with a body.</summary>
    public static HttpRequestMessage Post(string body, string path = Path) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
