using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Wire;
using Orleans.Runtime;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>Both ends of a stream of records between silos.</summary>
internal static class EnvelopeStreams
{
    /// <summary>The grain's end: opens the request, beats, and seals the replies. Refusals are replies too.</summary>
    public static IAsyncEnumerable<ClusterEnvelope> AnswerAsync<TRequest, TReply>(
        ClusterEnvelope request, JsonTypeInfo<TRequest> requestType,
        Func<TRequest, CancellationToken, IAsyncEnumerable<TReply>> answer, RecordKind<TReply> replies,
        TimeProvider time, CancellationToken cancellationToken)
    {
        return SealAsync(
            OpenedAsync(cancellationToken)
                .AsItemsAsync(replies.Refused, cancellationToken)
                .BeatAsync(replies.Heartbeat, time, cancellationToken),
            replies.Type,
            cancellationToken);

        async IAsyncEnumerable<TReply> OpenedAsync([EnumeratorCancellation] CancellationToken token)
        {
            // Opened within the stream, so that a message of another version is a refusal and no exception.
            await foreach (var reply in answer(request.Open(requestType), token))
            {
                yield return reply;
            }
        }
    }

    /// <summary>The caller's end: opens the replies, drops heartbeats, and notices a dead silo.</summary>
    public static IAsyncEnumerable<TReply> ReadAsync<TReply>(
        this IAsyncEnumerable<ClusterEnvelope> envelopes, RecordKind<TReply> replies, TimeProvider time,
        CancellationToken cancellationToken)
        where TReply : class =>
        OpenAsync(envelopes, replies.Type, cancellationToken)
            .WatchAsync(reply => reply.Equals(replies.Heartbeat), time, cancellationToken)
            .AsItemsAsync(replies.Refused, cancellationToken);

    private static async IAsyncEnumerable<ClusterEnvelope> SealAsync<T>(
        IAsyncEnumerable<T> records, JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            yield return ClusterEnvelope.Of(record, type);
        }
    }

    private static async IAsyncEnumerable<T> OpenAsync<T>(
        IAsyncEnumerable<ClusterEnvelope> envelopes, JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var source = envelopes.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            yield return source.Current.Open(type);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await source.MoveNextAsync();
            }
            catch (Exception exception)
                when (exception is OrleansException or EnumerationAbortedException or TimeoutException)
            {
                throw new ModelException(
                    new Refusal(ModelErrorCode.RunnerStopped, null, "the silo of the model is gone"), exception);
            }
        }
    }
}
