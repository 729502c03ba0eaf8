namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Waits for events; the limit is there only to say which one did not come.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task<T> ExpectAsync<T>(this Task<T> task, string what)
    {
        await ((Task)task).ExpectAsync(what);
        return await task;
    }

    public static async Task ExpectAsync(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"did not happen: {what}");
        }
    }
}
