using Ollama.Platform.Api.Responses;
using Ollama.Platform.Api.Responses.Wire;

namespace Ollama.Platform.UnitTests.Api.Responses;

public sealed class ResponseChangesTests
{
    private readonly ResponseChanges _changes = new();

    [Fact]
    public async Task Each_response_is_taken_once_in_its_turn()
    {
        var (first, second) = (Create("a"), Create("b"));
        _changes.Add(first);
        _changes.Add(second);
        _changes.Add(first);
        Assert.Equal([first, second], await DrainAsync());
    }

    [Fact]
    public async Task What_is_let_go_before_the_disk_has_it_takes_no_room()
    {
        var (gone, kept) = (Create("a"), Create("b"));
        _changes.Add(gone);
        _changes.Add(kept);
        _changes.Drop(gone);
        _changes.Drop(gone);
        Assert.Equal([kept], await DrainAsync());
    }

    [Fact]
    public async Task What_is_let_go_and_lies_on_the_disk_is_to_be_removed_there()
    {
        var gone = Create("a");
        gone.IsOnDisk = true;
        _changes.Drop(gone);
        Assert.Equal([gone], await DrainAsync());
    }

    private static StoredResponse Create(string id) => new(
        new ResponseWire { Id = id, CreatedAt = 0, Status = "completed", Model = "test" }, [], default, events: null);

    private async Task<IReadOnlyList<StoredResponse>> DrainAsync()
    {
        _changes.End();
        var taken = new List<StoredResponse>();
        while (await _changes.TakeAsync() is { } response)
        {
            taken.Add(response);
        }

        return taken;
    }
}
