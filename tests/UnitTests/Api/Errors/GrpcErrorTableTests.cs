using System.Text.RegularExpressions;
using Grpc.Core;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.UnitTests.Api.Errors;

public sealed partial class GrpcErrorTableTests
{
    [Fact]
    public void Every_refusal_has_a_status_and_a_reason_of_its_own()
    {
        var replies = Enum.GetValues<ModelErrorCode>().Select(GrpcErrorTable.Of)
            .Concat(Enum.GetValues<GrpcErrorCode>().Select(GrpcErrorTable.Of))
            .ToList();
        Assert.All(replies, reply => Assert.Matches(Reason(), reply.Reason));
        Assert.All(replies, reply => Assert.NotEqual(StatusCode.OK, reply.Status));
        Assert.Equal(replies.Count, replies.DistinctBy(reply => reply.Reason).Count());
        Assert.All(
            Enum.GetValues<ApiErrorCode>().Select(GrpcErrorTable.Of), reply => Assert.Matches(Reason(), reply.Reason));
    }

    [Fact]
    public void What_passes_says_when_to_try_again()
    {
        foreach (var code in Enum.GetValues<ModelErrorCode>())
        {
            var reply = GrpcErrorTable.Of(code);
            Assert.True(reply.Status != StatusCode.Unavailable || reply.RetryDelay > TimeSpan.Zero, code.ToString());
        }

        Assert.NotNull(GrpcErrorTable.Of(ModelErrorCode.QueueFull).RetryDelay);
        Assert.Null(GrpcErrorTable.Of(ModelErrorCode.MemoryExceeded).RetryDelay);
    }

    [Theory]
    [InlineData(ModelErrorCode.ModelNotFound, StatusCode.NotFound)]
    [InlineData(ModelErrorCode.OptionInvalid, StatusCode.InvalidArgument)]
    [InlineData(ModelErrorCode.ContextExceeded, StatusCode.OutOfRange)]
    [InlineData(ModelErrorCode.QueueFull, StatusCode.ResourceExhausted)]
    [InlineData(ModelErrorCode.MemoryExceeded, StatusCode.ResourceExhausted)]
    [InlineData(ModelErrorCode.LoadTimedOut, StatusCode.Unavailable)]
    [InlineData(ModelErrorCode.ShuttingDown, StatusCode.Unavailable)]
    [InlineData(ModelErrorCode.Canceled, StatusCode.Cancelled)]
    [InlineData(ModelErrorCode.RunnerStopped, StatusCode.Aborted)]
    [InlineData(ModelErrorCode.CapabilityMissing, StatusCode.Unimplemented)]
    [InlineData(ModelErrorCode.DeadlineExceeded, StatusCode.DeadlineExceeded)]
    internal void Statuses_are_those_that_clients_of_gRPC_expect(ModelErrorCode code, StatusCode status) =>
        Assert.Equal(status, GrpcErrorTable.Of(code).Status);

    [GeneratedRegex("^[A-Z]+(_[A-Z]+)*$")]
    private static partial Regex Reason();
}
