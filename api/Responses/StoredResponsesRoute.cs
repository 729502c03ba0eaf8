using System.Globalization;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Responses;

/// <summary>What can be done with a kept response: <c>/v1/responses/{id}</c> and below.</summary>
internal sealed class StoredResponsesRoute(
    ResponseStore store, ResponseArchive archive, ResponseFollower follower)
{
    /// <summary>The name of the path's parameter.</summary>
    public const string IdKey = "id";

    /// <summary>The response as it is, or its events from a number on.</summary>
    public async Task FindAsync(ApiRequest request)
    {
        var query = request.Context.Request.Query;
        var stream = PageQuery.ReadFlag(query, "stream") ?? false;
        var after = ReadNumber(query, "starting_after");
        Includes.Check(query);
        var response = await ReadAsync(request);
        if (after is not null && !stream)
        {
            throw GoJsonErrors.Refuse("starting_after needs stream=true");
        }

        request.IsStream = stream;
        await (stream
            ? follower.WriteAsync(request, response, (after ?? -1) + 1)
            : OpenAiReplies.ReplyAsync(request, response.Response, ResponsesJson.Default.ResponseWire));
    }

    /// <summary>Forgets the response. One that runs ends.</summary>
    public async Task DeleteAsync(ApiRequest request)
    {
        var id = IdOf(request);
        await archive.LoadedAsync(request.Aborted);
        var response = store.Remove(id) ?? throw new ApiException(ApiErrorCode.ResponseNotFound, id);
        await response.CancelAsync();

        // It is gone from memory, so it goes from the disk, whether or not the client stays to hear of it.
        await archive.ForgetAsync(response, CancellationToken.None);
        await OpenAiReplies.ReplyAsync(
            request, new DeletedWire(id, "response"), ResponsesJson.Default.DeletedWire);
    }

    /// <summary>Ends a response that runs in the background; one that has ended stays as it is.</summary>
    public async Task CancelAsync(ApiRequest request)
    {
        var response = await ReadAsync(request);
        if (!response.Response.Background)
        {
            throw GoJsonErrors.Refuse("Cannot cancel a synchronous response.");
        }

        if (!response.HasEnded)
        {
            await response.CancelAsync();

            // The run needs a moment to end; what is answered is how it did.
            await response.Events.EndedAsync(request.Aborted);
        }

        await OpenAiReplies.ReplyAsync(request, response.Response, ResponsesJson.Default.ResponseWire);
    }

    /// <summary>The items that the response answers, a page of them.</summary>
    public async Task ListInputAsync(ApiRequest request)
    {
        Includes.Check(request.Context.Request.Query);
        var query = PageQuery.Read(request.Context.Request.Query, PageQuery.LimitDefault, newestFirst: true);
        var input = (await ReadAsync(request)).Input;
        await OpenAiReplies.ReplyAsync(
            request, query.Take(input, item => InputItems.TextOf(item, "id")!),
            ResponsesJson.Default.PageWireJsonElement);
    }

    private async Task<StoredResponse> ReadAsync(ApiRequest request)
    {
        await archive.LoadedAsync(request.Aborted);
        return store.Find(IdOf(request)) ?? throw new ApiException(ApiErrorCode.ResponseNotFound, IdOf(request));
    }

    private static string IdOf(ApiRequest request) => (string)request.Context.Request.RouteValues[IdKey]!;

    private static int? ReadNumber(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        return text.Length == 0 ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number < int.MaxValue ? number
            : throw GoJsonErrors.Refuse($"{name} must be a whole number from 0: {GoText.Quote(text)}");
    }
}
