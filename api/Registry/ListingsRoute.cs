using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Registry;

/// <summary>Lists of repositories and tags, a page at a time.</summary>
internal sealed class ListingsRoute(IManifests manifests)
{
    // As many as other registries give at most.
    private const int CountMax = 1000;

    /// <summary><c>GET _catalog</c>.</summary>
    public async Task CatalogAsync(RegistryRequest request)
    {
        var names = (await manifests.ListAsync(request.Aborted))
            .Select(RegistryPath.RepositoryOf).Distinct(StringComparer.Ordinal);
        await ReplyAsync(
            request, "/v2/_catalog", names, page => new CatalogReply(page), RegistryJson.Default.CatalogReply);
    }

    /// <summary><c>GET NAME/tags/list</c>.</summary>
    public async Task TagsAsync(RegistryRequest request)
    {
        var repository = RegistryPath.RepositoryOf(request.Name(ModelName.DefaultTag));
        var tags = (await manifests.ListAsync(request.Aborted))
            .Where(name => RegistryPath.RepositoryOf(name).Equals(repository, StringComparison.OrdinalIgnoreCase))
            .Select(name => name.Tag).ToList();
        if (tags.Count == 0)
        {
            throw new RegistryException(RegistryErrorCode.NameUnknown, request.Path.Repository);
        }

        await ReplyAsync(
            request, request.Address("tags/list"), tags,
            page => new TagsListReply(request.Path.Repository, page), RegistryJson.Default.TagsListReply);
    }

    private static Task ReplyAsync<T>(
        RegistryRequest request, string address, IEnumerable<string> entries,
        Func<IReadOnlyList<string>, T> wrap, JsonTypeInfo<T> typeInfo)
    {
        var last = request.Query("last");
        var rest = entries.Order(StringComparer.Ordinal)
            .Where(entry => last is null || string.CompareOrdinal(entry, last) > 0).ToList();
        var count = Count(request);
        var page = rest.Take(count).ToList();
        if (rest.Count > count && count > 0)
        {
            request.Context.Response.Headers.Link =
                $"<{address}?last={Uri.EscapeDataString(page[^1])}&n={count}>; rel=\"next\"";
        }

        return JsonReply.WriteAsync(
            request.Context, StatusCodes.Status200OK, MediaTypes.Json, wrap(page), typeInfo, request.Aborted);
    }

    private static int Count(RegistryRequest request) => request.Query("n") switch
    {
        null => CountMax,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) =>
            Math.Min(count, CountMax),
        var text when text.Length > 0 && text.All(char.IsAsciiDigit) => CountMax,
        var text => throw new RegistryException(RegistryErrorCode.PaginationNumberInvalid, text),
    };
}
