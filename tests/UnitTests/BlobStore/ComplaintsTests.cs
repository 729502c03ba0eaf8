using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class ComplaintsTests
{
    [Fact]
    public void A_complaint_is_new_until_it_was_told_and_again_when_it_changes_or_comes_back()
    {
        var complaints = new Complaints();
        Assert.True(complaints.IsNew("model", "broken"));
        Assert.False(complaints.IsNew("model", "broken"));
        Assert.True(complaints.IsNew("other", "broken"));
        Assert.True(complaints.IsNew("model", "gone"));
        Assert.True(complaints.IsNew("model", "broken"));
        complaints.Settle("model");
        Assert.True(complaints.IsNew("model", "broken"));
    }
}
