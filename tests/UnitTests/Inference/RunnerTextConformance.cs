using System.Text;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>What every kind of runner does with texts and tokens.</summary>
public abstract class RunnerTextConformance : RunnerConformance
{
    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Text_and_tokens_are_converted_by_the_engine()
    {
        await using var runner = await LoadAsync(new ScriptedEngineOptions());
        var tokens = await runner.TokenizeAsync("über", false, false, Aborted);
        Assert.Equal(Encoding.UTF8.GetBytes("über").Select(value => (int)value), tokens);
        Assert.Equal("über", await runner.DetokenizeAsync(tokens, Aborted));
        var refused = await Assert.ThrowsAsync<ModelException>(() => runner.DetokenizeAsync([4711], Aborted));
        Assert.Equal(ModelErrorCode.RequestInvalid, refused.Refusal.Code);
    }

    [Fact]
    public async Task What_would_break_the_pipe_is_refused()
    {
        byte[][] pieces = [.. ScriptedEngine.BytePieces(), new byte[1024 * 1024]];
        await using var runner = await LoadAsync(new ScriptedEngineOptions { Pieces = pieces, EndTokens = [256] });
        var longest = new string('x', 32 * 1024 * 1024);
        await AssertRefusedAsync(() => runner.TokenizeAsync(longest + "x", false, false, Aborted));
        await AssertRefusedAsync(() => runner.DetokenizeAsync([.. Enumerable.Repeat(257, 33)], Aborted));
        Assert.Equal("still here".Length, (await runner.TokenizeAsync("still here", false, false, Aborted)).Length);

        static async Task AssertRefusedAsync(Func<Task> call) => Assert.Equal(
            ModelErrorCode.RequestInvalid, (await Assert.ThrowsAsync<ModelException>(call)).Refusal.Code);
    }
}
