using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>How the number of threads follows what others do with the processors.</summary>
public sealed class ThreadCountTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("thread-count-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    // Two spinning processes begin and end; samples of a machine with two cores, four a second.
    [InlineData(2, "0 .1 1.0 1.0 1.3 1.3 1.3 0 0 0 0 0 0 0 0", "2 2 2 1 1 1 1 1 1 1 1 1 1 1 2")]
    // One of them: it gets a whole core once there is one thread beside it.
    [InlineData(2, ".7 .7 1.0 1.0", "2 1 1 1")]
    // A burst as long as one sample, and what a desktop always does.
    [InlineData(2, "1.5 0 .3 .3 .2 1.5 .1", "2 2 2 2 2 2 2")]
    // Pauses of the neighbour that are shorter than the wait.
    [InlineData(2, "1 1 0 0 0 1 0 0 0 0 0 0 0 1", "2 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    // Back up only as far as all samples of the series allow.
    [InlineData(8, "7 7 4 2 2 2 2 2 2 2", "8 1 1 1 1 1 1 1 1 4")]
    // More than everything.
    [InlineData(4, "9 9 9", "4 1 1")]
    [InlineData(1, "1 1 1", "1 1 1")]
    public void Threads_are_taken_back_soon_and_given_late(int processors, string foreign, string expected)
    {
        var policy = new ThreadCountPolicy(processors);
        var totals = foreign.Split(' ').Select(load =>
        {
            var foreign = double.Parse(load, System.Globalization.CultureInfo.InvariantCulture);
            policy.Take(foreign, foreign);
            return policy.Total;
        });
        Assert.Equal(expected, string.Join(' ', totals));
    }

    [Theory]
    [InlineData(8, 1, 8, 8)]
    [InlineData(8, 1, 4, 4)]
    [InlineData(8, 2, 8, 4)]
    [InlineData(2, 5, 2, 1)]
    [InlineData(8, 0, 8, 8)]
    public void Engines_that_compute_at_once_share(int total, int active, int max, int expected) =>
        Assert.Equal(expected, ThreadCountPolicy.Share(total, active, max));

    [Fact]
    public void Foreign_load_is_what_the_allowed_processors_did_without_this_process()
    {
        var time = new ManualTimeProvider();
        var load = Load(time, "1-2");
        Write("cpu0 900 0 0 0 0 0 0 0 0 0", "cpu1 100 0 50 700 5 0 0 0 0 0", "cpu2 0 0 0 0 0 0 0 0 0 0");
        Assert.Equal(2, load.ProcessorCount);
        Assert.Null(load.Take(TimeSpan.Zero));

        // In one second: cpu1 100 ticks in all kinds, cpu2 60; waiting for disks is no work. 0.4 s were our own.
        time.Advance(TimeSpan.FromSeconds(1));
        Write("cpu0 999 0 0 0 0 0 0 0 0 0", "cpu1 140 20 60 700 90 10 10 10 7 7", "cpu2 60 0 0 0 0 0 0 0 0 0");
        Assert.Equal(1.2, load.Take(TimeSpan.FromSeconds(0.4))!.Value, 3);

        // Ticks are coarse: this process may seem to have done more than all.
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, load.Take(TimeSpan.FromSeconds(0.5))!.Value);
    }

    [Theory]
    [InlineData("cpu1 1 2")]
    [InlineData("cpu1 a b c d e f g h")]
    public void Statistics_that_cannot_be_read_tell_nothing(string line)
    {
        var load = Load(new ManualTimeProvider(), "1");
        Write(line);
        Assert.Null(load.Take(TimeSpan.Zero));
        File.Delete(StatisticsPath);
        Assert.Null(load.Take(TimeSpan.Zero));
    }

    [Theory]
    [InlineData("0-3,8", new[] { 0, 1, 2, 3, 8 })]
    [InlineData(" 5\n", new[] { 5 })]
    [InlineData("", new int[0])]
    [InlineData("1,x,2", new[] { 1 })]
    [InlineData("1,5-1000000,2", new[] { 1 })]
    public void Lists_of_processors_are_read_as_linux_writes_them(string list, int[] expected) =>
        Assert.Equal(expected, ProcessorList.Parse(list));

    [Fact]
    public void An_engine_that_computes_is_governed_and_an_idle_one_is_not_counted()
    {
        using var machine = new Machine(this);
        using var busy = machine.Governor.Add(4);
        using var idle = machine.Governor.Add(4);
        busy.BeginStep();
        machine.Pass(foreign: 0);
        machine.Pass(foreign: 2);
        Assert.Equal(4, busy.Count);
        machine.Pass(foreign: 2);
        Assert.Equal(2, busy.Count);
        idle.BeginStep();
        machine.Pass(foreign: 2);
        Assert.Equal((1, 1), (busy.Count, idle.Count));
        idle.EndStep();
        machine.Pass(foreign: 0);
        machine.Pass(foreign: 0, count: 7);
        Assert.Equal(4, busy.Count);
    }

    [Fact]
    public void What_others_did_while_nobody_computed_does_not_count()
    {
        using var machine = new Machine(this);
        using var engine = machine.Governor.Add(4);
        for (var round = 0; round < 8; round++)
        {
            engine.BeginStep();
            machine.Pass(foreign: 0);
            engine.EndStep();
            machine.Pass(foreign: 4, count: 2);
        }

        Assert.Equal(4, engine.Count);
    }

    [Theory]
    // Half of the time is the engine's: the others may have had all four processors in the other half.
    [InlineData(2, 4)]
    [InlineData(3, 2)]
    [InlineData(3.5, 1)]
    public void What_others_may_have_done_between_steps_is_not_held_against_them(double foreign, int expected)
    {
        using var machine = new Machine(this);
        using var engine = machine.Governor.Add(4);
        for (var round = 0; round < 4; round++)
        {
            engine.BeginStep();
            machine.Advance(TimeSpan.FromMilliseconds(125));
            engine.EndStep();
            machine.Write(foreign);
            machine.Advance(TimeSpan.FromMilliseconds(125));
        }

        Assert.Equal(expected, engine.Count);
    }

    [Fact]
    public void Threads_come_back_while_nobody_computes()
    {
        using var machine = new Machine(this);
        using var engine = machine.Governor.Add(4);
        engine.BeginStep();
        machine.Pass(foreign: 0);
        machine.Pass(foreign: 3, count: 2);
        engine.EndStep();
        Assert.Equal(1, engine.Count);
        machine.Pass(foreign: 0, count: 9);
        Assert.Equal(4, engine.Count);
    }

    private string StatisticsPath => Path.Combine(_folder, "stat");

    private ProcessorLoad Load(TimeProvider time, string allowed)
    {
        var status = Path.Combine(_folder, "status");
        File.WriteAllText(status, $"Name:\tx\nCpus_allowed_list:\t{allowed}\n");
        return new ProcessorLoad(time, StatisticsPath, status);
    }

    private void Write(params string[] lines) =>
        File.WriteAllLines(StatisticsPath, ["cpu  1 2 3 4", .. lines, "intr 5", "cpu9 1 1 1 1 1 1 1 1"]);

    // Four processors on which others keep some busy.
    private sealed class Machine : IDisposable
    {
        private readonly ManualTimeProvider _time = new();
        private readonly ThreadCountTests _test;
        private int _ticks;

        public Machine(ThreadCountTests test)
        {
            _test = test;
            test.Write("cpu0 0 0 0 0 0 0 0 0");
            Governor = new ThreadGovernor(test.Load(_time, "0-3"), () => TimeSpan.Zero, _time);
        }

        public ThreadGovernor Governor { get; }

        public void Dispose() => Governor.Dispose();

        /// <summary>Lets quarters of a second pass.</summary>
        public void Pass(double foreign, int count = 1)
        {
            for (; count > 0; count--)
            {
                Write(foreign);
                Advance(TimeSpan.FromMilliseconds(250));
            }
        }

        /// <summary>Adds what others did in a quarter of a second.</summary>
        public void Write(double foreign)
        {
            _ticks += (int)(foreign * 25);
            _test.Write($"cpu0 {_ticks} 0 0 0 0 0 0 0");
        }

        public void Advance(TimeSpan time) => _time.Advance(time);
    }
}
