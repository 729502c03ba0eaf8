using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.OpenApi;

/// <summary><c>/openapi.json</c> and <c>/openapi.yaml</c>: the specification of this server's routes.</summary>
internal static class SpecificationRoutes
{
    /// <summary>Where the document lies.</summary>
    public const string JsonPath = "/openapi.json";

    /// <summary>Where its other form lies.</summary>
    public const string YamlPath = "/openapi.yaml";

    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
    };

    /// <summary>Maps both. The document is made when somebody first asks for it.</summary>
    /// <param name="endpoints">Where they are mapped, and what they describe.</param>
    /// <param name="describe">Describes the routes by dialect.</param>
    public static void Map(IEndpointRouteBuilder endpoints, Func<IReadOnlyList<DialectSpecification>> describe)
    {
        var version = endpoints.ServiceProvider.GetRequiredService<IOptions<ApiOptions>>().Value.Version;
        var json = new Lazy<byte[]>(() => ToBytes(new SpecificationBuilder(describe()).Build(
            endpoints.DataSources.SelectMany(source => source.Endpoints), version)));
        var yaml = new Lazy<Task<byte[]>>(() => ToYamlAsync(json.Value));
        endpoints.MapMethods(JsonPath, GetOrHead, context => JsonReply.WriteBytesAsync(
            context, StatusCodes.Status200OK, MediaTypes.Json, json.Value, context.RequestAborted));
        endpoints.MapMethods(YamlPath, GetOrHead, async context => await JsonReply.WriteBytesAsync(
            context, StatusCodes.Status200OK, MediaTypes.Yaml, await yaml.Value, context.RequestAborted));
    }

    private static byte[] ToBytes(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            document.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static async Task<byte[]> ToYamlAsync(byte[] json)
    {
        var text = await OpenApiDocument.Parse(Encoding.UTF8.GetString(json), OpenApiConstants.Json).Document!
            .SerializeAsYamlAsync(OpenApiSpecVersion.OpenApi3_1);
        return Encoding.UTF8.GetBytes(text);
    }
}
