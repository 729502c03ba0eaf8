using Ollama.Platform.BlobStore.Registry;

namespace Ollama.Platform.UnitTests.Registry;

public sealed class PaceTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Bytes_that_drip_for_too_long_are_too_slow()
    {
        var pace = new Pace(new RegistryOptions(), _time);
        Receive(pace, seconds: 20, bytes: 1);
        Receive(pace, seconds: 20, bytes: 1);
        var failure = Assert.Throws<TransferException>(() => Receive(pace, seconds: 20, bytes: 1));
        Assert.Equal("the registry sends too slowly: 3 bytes in 60 seconds", failure.Message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public void What_comes_at_the_lowest_speed_is_waited_for_and_saves_up_nothing()
    {
        var pace = new Pace(new RegistryOptions { BytesPerSecondMin = 1000 }, _time);
        Receive(pace, seconds: 59, bytes: 1);
        Receive(pace, seconds: 1, bytes: 1_000_000);
        Receive(pace, seconds: 60, bytes: 60_000);
        Assert.Throws<TransferException>(() => Receive(pace, seconds: 60, bytes: 59_999));
    }

    [Fact]
    public void Time_that_nobody_waits_for_the_registry_does_not_count()
    {
        var pace = new Pace(new RegistryOptions(), _time);
        for (var piece = 0; piece < 10; piece++)
        {
            Receive(pace, seconds: 1, bytes: 1);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void No_limit_is_none()
    {
        var pace = new Pace(new RegistryOptions { BytesPerSecondMin = 0 }, _time);
        Receive(pace, seconds: 3600, bytes: 1);
    }

    private void Receive(Pace pace, int seconds, int bytes)
    {
        pace.Wait();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        pace.Receive(bytes);
    }
}
