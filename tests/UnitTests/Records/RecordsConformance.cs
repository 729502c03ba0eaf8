using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.UnitTests.Records;

/// <summary>What every implementation of <see cref="IRecords"/> must do.</summary>
public abstract class RecordsConformance
{
    private static readonly RecordKey Key = new("response", "resp_1.A-z");

    protected abstract IRecords Records { get; }

    protected static CancellationToken Aborted => TestContext.Current.CancellationToken;

    protected abstract void Advance(TimeSpan duration);

    [Fact]
    public async Task A_record_reads_back_with_its_version()
    {
        byte[] content = [0, 10, 255, 10];
        Assert.Equal(1, await Records.WriteAsync(Key, content, 0, null, Aborted));

        var record = await Records.ReadAsync(Key, Aborted);

        Assert.Equal(1, record?.Version);
        Assert.Equal(content, record!.Content.ToArray());
    }

    [Fact]
    public async Task An_absent_record_is_null_and_cannot_be_deleted()
    {
        Assert.Null(await Records.ReadAsync(Key, Aborted));
        Assert.False(await Records.DeleteAsync(Key, 1, Aborted));
        Assert.False(await Records.DeleteAsync(Key, 0, Aborted));
        Assert.Empty(await Records.ListAsync("response", Aborted));
    }

    [Fact]
    public async Task Only_the_expected_version_is_replaced()
    {
        await WriteAsync("first", 0);
        Assert.Null(await WriteAsync("again", 0));
        Assert.Null(await WriteAsync("future", 2));
        Assert.Equal(2, await WriteAsync("second", 1));
        Assert.Null(await WriteAsync("late", 1));
        Assert.Equal("second"u8.ToArray(), (await Records.ReadAsync(Key, Aborted))!.Content.ToArray());
    }

    [Fact]
    public async Task Only_the_expected_version_is_deleted()
    {
        await WriteAsync("first", 0);
        await WriteAsync("second", 1);
        Assert.False(await Records.DeleteAsync(Key, 1, Aborted));
        Assert.True(await Records.DeleteAsync(Key, 2, Aborted));
        Assert.Null(await Records.ReadAsync(Key, Aborted));
        Assert.Equal(1, await WriteAsync("anew", 0));
    }

    [Fact]
    public async Task One_of_many_writers_wins()
    {
        for (var version = 0; version < 5; version++)
        {
            var expected = version;
            var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(index =>
                Task.Run(() => WriteAsync($"writer {index}", expected), Aborted)));
            Assert.Equal(expected + 1, Assert.Single(results, result => result is not null));
        }
    }

    [Fact]
    public async Task A_counter_loses_no_step()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var step = 0; step < 10;)
            {
                var old = await Records.ReadAsync(Key, Aborted);
                var next = (byte)((old is null ? 0 : old.Content.Span[0]) + 1);
                step += await Records.WriteAsync(Key, new[] { next }, old?.Version ?? 0, null, Aborted) is null ? 0 : 1;
            }
        }, Aborted)));
        Assert.Equal(80, (await Records.ReadAsync(Key, Aborted))!.Content.Span[0]);
    }

    [Fact]
    public async Task An_expired_record_is_absent_for_every_caller()
    {
        await Records.WriteAsync(Key, "x"u8.ToArray(), 0, TimeSpan.FromMinutes(1), Aborted);
        await Records.WriteAsync(new RecordKey("response", "kept"), "y"u8.ToArray(), 0, null, Aborted);

        Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await Records.ReadAsync(Key, Aborted));
        Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Records.ReadAsync(Key, Aborted));
        Assert.False(await Records.DeleteAsync(Key, 1, Aborted));
        Assert.Null(await WriteAsync("late", 1));
        Assert.Equal(["kept"], (await Records.ListAsync("response", Aborted)).Select(key => key.Id));
        Assert.Equal(1, await WriteAsync("anew", 0));
    }

    [Fact]
    public async Task A_write_sets_the_time_to_live_anew()
    {
        await Records.WriteAsync(Key, "x"u8.ToArray(), 0, TimeSpan.FromMinutes(1), Aborted);
        await Records.WriteAsync(Key, "y"u8.ToArray(), 1, TimeSpan.MaxValue, Aborted);
        Advance(TimeSpan.FromDays(10_000));
        Assert.NotNull(await Records.ReadAsync(Key, Aborted));
    }

    [Fact]
    public async Task Keys_of_one_kind_are_listed_in_ordinal_order()
    {
        foreach (var id in new[] { "b", "a", "B", "_", "10", "2" })
        {
            await Records.WriteAsync(new RecordKey("job", id), "x"u8.ToArray(), 0, null, Aborted);
        }

        await WriteAsync("other kind", 0);
        Assert.Equal(["10", "2", "B", "_", "a", "b"], (await Records.ListAsync("job", Aborted)).Select(key => key.Id));
    }

    [Theory]
    [InlineData("", "id")]
    [InlineData("Kind", "id")]
    [InlineData("..", "id")]
    [InlineData("a/b", "id")]
    [InlineData("kind", "")]
    [InlineData("kind", "a/b")]
    [InlineData("kind", "a\\b")]
    [InlineData("kind", "a b")]
    [InlineData("kind", "a\0")]
    [InlineData("kind", "ä")]
    public async Task A_name_outside_the_grammar_is_refused(string kind, string id)
    {
        var key = new RecordKey(kind, id);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Records.ReadAsync(key, Aborted));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Records.WriteAsync(key, default, 0, null, Aborted));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Records.DeleteAsync(key, 0, Aborted));
    }

    [Fact]
    public async Task A_name_of_dots_is_a_name_like_others()
    {
        var key = new RecordKey("kind", "..");
        await Records.WriteAsync(key, "x"u8.ToArray(), 0, null, Aborted);
        Assert.NotNull(await Records.ReadAsync(key, Aborted));
        Assert.Equal([key], await Records.ListAsync("kind", Aborted));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Records.ReadAsync(new RecordKey("kind", new string('a', 201)), Aborted));
    }

    [Fact]
    public async Task Impossible_arguments_are_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Records.WriteAsync(Key, default, -1, null, Aborted));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Records.WriteAsync(Key, default, 0, TimeSpan.Zero, Aborted));
    }

    private Task<long?> WriteAsync(string content, long versionExpected) => Records.WriteAsync(
        Key, System.Text.Encoding.UTF8.GetBytes(content), versionExpected, null, Aborted);
}
