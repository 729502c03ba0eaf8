using System.Globalization;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Batches;

/// <summary><c>/v1/files</c> and below.</summary>
internal sealed class FilesRoute(FileStore files, BatchStore batches)
{
    /// <summary>The name of the path's parameter.</summary>
    public const string IdKey = "id";

    /// <summary>Most files of a page, and what one holds unless the query says.</summary>
    public const int PageMax = 10_000;

    /// <summary>Takes a new file.</summary>
    public async Task UploadAsync(ApiRequest request)
    {
        using var form = new UploadForm(files);
        try
        {
            await form.ReadAsync(request.Context, request.Aborted);
            if (form.Id is null)
            {
                throw GoJsonErrors.Refuse("the field file is required");
            }

            CheckPurpose(form["purpose"]);
            var life = ReadLife(form["expires_after[anchor]"], form["expires_after[seconds]"]);
            var file = await files.AddAsync(
                form.Id, form.Name, FileStore.Input, form.Bytes, life, request.Aborted);
            await OpenAiReplies.ReplyAsync(request, file, BatchesJson.Default.FileWire);
        }
        catch when (form.Id is not null)
        {
            if (await files.FindAsync(form.Id, CancellationToken.None) is null)
            {
                await files.DiscardAsync(form.Id);
            }

            throw;
        }
    }

    /// <summary>Lists files, all or those of a purpose.</summary>
    public async Task ListAsync(ApiRequest request)
    {
        var parameters = request.Context.Request.Query;
        var query = PageQuery.Read(parameters, PageMax, newestFirst: true, PageMax);
        var purpose = parameters["purpose"].ToString();
        var all = (await files.ListAsync(request.Aborted))
            .Where(file => purpose.Length == 0 || file.Purpose == purpose);
        await OpenAiReplies.ReplyAsync(
            request, query.Take(all, file => file.Id), BatchesJson.Default.PageWireFileWire);
    }

    /// <summary>Describes a file.</summary>
    public async Task FindAsync(ApiRequest request) =>
        await OpenAiReplies.ReplyAsync(request, await ReadAsync(request), BatchesJson.Default.FileWire);

    /// <summary>Sends the bytes of a file.</summary>
    public async Task ReadContentAsync(ApiRequest request)
    {
        var file = await ReadAsync(request);
        await using var content = await files.OpenAsync(file.Id, request.Aborted)
            ?? throw new ApiException(ApiErrorCode.FileNotFound, file.Id);
        var response = request.Context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = content.Length;
        await content.CopyToAsync(response.Body, request.Aborted);
    }

    /// <summary>Deletes a file that no batch is reading.</summary>
    public async Task DeleteAsync(ApiRequest request)
    {
        var id = (await ReadAsync(request)).Id;
        if (await batches.FindReaderAsync(id, request.Aborted) is { } reader)
        {
            throw GoJsonErrors.Refuse($"the file {id} is in use by the batch {reader}");
        }

        await files.DeleteAsync(id, request.Aborted);
        await OpenAiReplies.ReplyAsync(request, new DeletedWire(id, "file"), BatchesJson.Default.DeletedWire);
    }

    private async Task<FileWire> ReadAsync(ApiRequest request)
    {
        var id = (string)request.Context.Request.RouteValues[IdKey]!;
        return await files.FindAsync(id, request.Aborted) ?? throw new ApiException(ApiErrorCode.FileNotFound, id);
    }

    private static void CheckPurpose(string? purpose)
    {
        if (string.IsNullOrEmpty(purpose))
        {
            throw GoJsonErrors.Refuse("the field purpose is required");
        }

        if (purpose != FileStore.Input)
        {
            throw GoJsonErrors.Refuse($"invalid purpose: {GoText.Quote(purpose)} (must be \"batch\")");
        }
    }

    private static TimeSpan? ReadLife(string? anchor, string? seconds)
    {
        if (anchor is null && seconds is null)
        {
            return null;
        }

        int? count = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
        return FileLife.Read("expires_after", anchor, count);
    }
}
