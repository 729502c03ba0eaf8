using System.Text;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api;

/// <summary>A request to a server of its own that carries one header more.</summary>
internal static class HeaderRequest
{
    /// <summary>Posts it.</summary>
    /// <param name="route">The route.</param>
    /// <param name="body">What stands in the body beside the model.</param>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value; null leaves it out.</param>
    /// <returns>The answer, and what the models were asked.</returns>
    public static async Task<(int Status, string Answer, object[] Calls)> SendAsync(
        string route, string body, string name, string? value)
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Gate.Open();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route, UriKind.Relative))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{{\"model\":\"test\",{body}}}")),
        };
        if (value is not null)
        {
            request.Headers.Add(name, value);
        }

        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, answer, [.. server.Models.Calls]);
    }
}
