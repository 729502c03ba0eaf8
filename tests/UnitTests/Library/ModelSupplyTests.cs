using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;
using Ollama.Platform.UnitTests.BlobStore;
using ScriptedLibrary = Ollama.Platform.UnitTests.Api.Serving.ScriptedLibrary;

namespace Ollama.Platform.UnitTests.Library;

public sealed class ModelSupplyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_is_here_asks_nobody()
    {
        var (supply, transfers) = Make("*");
        Assert.NotNull(await supply.FindAsync(Store.Name("test"), Cancel));
        Assert.Empty(transfers.Pulled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("library/*")]
    public async Task A_model_that_may_not_be_pulled_is_missing(string allowed)
    {
        var (supply, transfers) = Make(allowed);
        Assert.Null(await supply.FindAsync(Store.Name("hf.co/someone/absent"), Cancel));
        Assert.Empty(transfers.Pulled);
    }

    [Fact]
    public async Task A_model_that_is_missing_is_pulled_and_found()
    {
        var (supply, transfers) = Make("library/*");
        var finding = supply.FindAsync(Store.Name("absent:7b"), Cancel);
        Assert.False(finding.IsCompleted);
        transfers.Arrive();
        Assert.Equal("absent:7b", (await finding)!.Name.DisplayName);
        Assert.Equal("registry.ollama.ai/library/absent:7b", Assert.Single(transfers.Pulled));
    }

    [Fact]
    public async Task A_caller_that_leaves_waits_no_longer_and_makes_room()
    {
        var (supply, transfers) = Make("*", waitingCountMax: 1);
        using var leaving = new CancellationTokenSource();
        var first = supply.FindAsync(Store.Name("absent"), leaving.Token);
        var refused = await Assert.ThrowsAsync<ModelException>(() => supply.FindAsync(Store.Name("absent"), Cancel));
        Assert.Equal(ModelErrorCode.QueueFull, refused.Refusal.Code);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = supply.FindAsync(Store.Name("absent"), Cancel);
        transfers.Arrive();
        Assert.NotNull(await second);
    }

    [Fact]
    public async Task A_model_that_its_registry_does_not_have_is_missing()
    {
        var (supply, transfers) = Make("*");
        transfers.Failure = new ModelException(ModelErrorCode.ModelNotFound, "absent", "file does not exist");
        transfers.Arrive();
        Assert.Null(await supply.FindAsync(Store.Name("absent"), Cancel));
    }

    [Fact]
    public async Task A_pull_that_fails_fails_the_request_with_its_words()
    {
        var (supply, transfers) = Make("*");
        transfers.Failure = new ModelException(ModelErrorCode.TransferFailed, "absent", "no route to host");
        transfers.Arrive();
        var failed = await Assert.ThrowsAsync<ModelException>(() => supply.FindAsync(Store.Name("absent"), Cancel));
        Assert.Equal(new Refusal(ModelErrorCode.TransferFailed, "absent", "no route to host"), failed.Refusal);
    }

    private static (ModelSupply Supply, HeldTransfers Transfers) Make(string allowed, int waitingCountMax = 10)
    {
        var library = new ScriptedLibrary();
        var transfers = new HeldTransfers(library);
        var options = new ModelSupplyOptions
        {
            PulledOnDemand = ModelPattern.TryParse(allowed, out var pattern) ? [pattern] : [],
            WaitingCountMax = waitingCountMax,
        };
        return (
            new ModelSupply(library, transfers, Options.Create(options), NullLogger<ModelSupply>.Instance), transfers);
    }

    /// <summary>Pulls that wait until the test lets the model arrive.</summary>
    private sealed class HeldTransfers(ScriptedLibrary library) : IModelTransfers
    {
        private readonly TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Pulled { get; } = [];

        public ModelException? Failure { get; set; }

        public void Arrive() => _arrival.SetResult();

        public async IAsyncEnumerable<TransferProgress> PullAsync(
            ModelName name, bool insecure, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Assert.False(insecure);
            Pulled.Add(name.ToString());
            yield return new TransferProgress("pulling manifest");
            await _arrival.Task.WaitAsync(cancellationToken);
            if (Failure is not null)
            {
                throw Failure;
            }

            library.Models.Add(library.Models[0] with { Name = name });
            yield return new TransferProgress("success");
        }

        public IAsyncEnumerable<TransferProgress> PushAsync(
            ModelName name, bool insecure, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
