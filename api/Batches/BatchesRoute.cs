using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Batches;

/// <summary><c>/v1/batches</c> and below.</summary>
internal sealed class BatchesRoute(
    BatchStore batches, FileStore files, BatchRunner runner, BatchEndpoints endpoints, TimeProvider time,
    IOptions<ApiOptions> options)
{
    /// <summary>The name of the path's parameter.</summary>
    public const string IdKey = "id";

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>Makes a batch of a file and starts it.</summary>
    public async Task CreateAsync(ApiRequest request)
    {
        var body = BatchBody.Read(
            await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText), endpoints.Paths);
        var file = await files.FindAsync(body.InputFileId, request.Aborted)
            ?? throw new ApiException(ApiErrorCode.FileNotFound, body.InputFileId) { Field = "input_file_id" };
        if (file.Purpose != FileStore.Input)
        {
            throw GoJsonErrors.Refuse($"the purpose of the file {file.Id} is not \"{FileStore.Input}\"");
        }

        runner.CheckRoom();
        var now = time.GetUtcNow();
        var record = new BatchRecord(
            new BatchWire
            {
                Id = ObjectId.New(BatchStore.IdPrefix),
                Endpoint = body.Endpoint,
                InputFileId = body.InputFileId,
                CompletionWindow = body.CompletionWindow,
                Status = BatchStatus.Validating,
                CreatedAt = now.ToUnixTimeSeconds(),
                ExpiresAt = (now + Window).ToUnixTimeSeconds(),
                Metadata = body.Metadata,
            },
            FileStore.NewId(),
            FileStore.NewId(),
            body.OutputLife);
        await batches.AddAsync(record, request.Aborted);
        runner.Start(record);
        await ReplyAsync(request, record.Batch);
    }

    /// <summary>Describes a batch.</summary>
    public async Task FindAsync(ApiRequest request) =>
        await ReplyAsync(request, (await ReadAsync(request)).Batch);

    /// <summary>Lists batches, the newest first.</summary>
    public async Task ListAsync(ApiRequest request)
    {
        var query = PageQuery.Read(request.Context.Request.Query, PageQuery.LimitDefault, newestFirst: true);
        var all = (await batches.ListAsync(request.Aborted)).Select(record => record.Batch);
        var page = query.Take(all, batch => batch.Id);
        await OpenAiReplies.ReplyAsync(
            request, page with { Data = [.. page.Data.Select(runner.Count)] },
            BatchesJson.Default.PageWireBatchWire);
    }

    /// <summary>Cancels a batch. What it has answered is kept.</summary>
    public async Task CancelAsync(ApiRequest request)
    {
        var id = (await ReadAsync(request)).Batch.Id;
        var record = await batches.UpdateAsync(id, Cancel, request.Aborted)
            ?? throw new ApiException(ApiErrorCode.BatchNotFound, id);
        if (BatchStatus.IsFinal(record.Batch.Status))
        {
            throw GoJsonErrors.Refuse($"Cannot cancel a batch with status '{record.Batch.Status}'.");
        }

        await runner.CancelAsync(id);

        // One that runs nowhere is brought to its end.
        runner.Start(record);
        await ReplyAsync(request, record.Batch);
    }

    private BatchRecord Cancel(BatchRecord record) => record.Batch.Status == BatchStatus.Cancelling
        ? record
        : record with
        {
            Batch = record.Batch with
            {
                Status = BatchStatus.Cancelling,
                CancellingAt = time.GetUtcNow().ToUnixTimeSeconds(),
            },
        };

    private async Task<BatchRecord> ReadAsync(ApiRequest request)
    {
        var id = (string)request.Context.Request.RouteValues[IdKey]!;
        return await batches.FindAsync(id, request.Aborted) ?? throw new ApiException(ApiErrorCode.BatchNotFound, id);
    }

    private Task ReplyAsync(ApiRequest request, BatchWire batch) =>
        OpenAiReplies.ReplyAsync(request, runner.Count(batch), BatchesJson.Default.BatchWire);
}
