using System.Net.Http.Headers;
using System.Text;

namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>Asks for embeddings natively.</summary>
internal sealed class JsonEmbeddings(HttpClient client, CancellationToken cancellationToken)
{
    /// <summary>Asks for the vectors of so many texts in one request; returns the length of the answer.</summary>
    public async Task<int> AskAsync(int textCount)
    {
        var texts = string.Join(',', Enumerable.Repeat("\"What is the capital of France?\"", textCount));
        using var content = new ByteArrayContent(
            Encoding.UTF8.GetBytes($"{{\"model\":\"any\",\"input\":[{texts}]}}"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.PostAsync("/api/embed", content, cancellationToken);
        return (await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken)).Length;
    }
}
