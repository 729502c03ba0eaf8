using System.Text;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Random arrivals, cancels, slow readers and too few cells, from a seed that a failure names.</summary>
public sealed class SchedulerSimulationTests
{
    private const int ContextTokens = 96;
    private const int CreditTokens = 12;

    public static TheoryData<int, bool> Seeds =>
        new(Enumerable.Range(1, 32).Select(number => number <= 24 ? (number, true) : (number - 24, false)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_sequence_ends_once_with_the_tokens_it_has_alone(int seed, bool unified)
    {
        var simulation = new Simulation(seed, unified);
        simulation.Run(arrivalCount: 150);
        var trace = simulation.Trace;
        try
        {
            AssertSlotsBalance(simulation);
            AssertFirstComeFirstServed(simulation);
            foreach (var client in simulation.Clients)
            {
                AssertEnded(simulation, client);
            }

            Assert.All(simulation.Bench.Loop.Slots.ToArray(), slot => Assert.Equal(SlotState.Idle, slot.State));
            Assert.Equal(simulation.Bench.Engine.UsedCellCount, simulation.Bench.Loop.UsedCells);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed}: {exception.Message}\n{trace}", exception);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        var first = new Simulation(99, unified: true);
        first.Run(arrivalCount: 300);
        var second = new Simulation(99, unified: true);
        second.Run(arrivalCount: 300);
        Assert.Equal(first.Trace, second.Trace);
        Assert.NotEmpty(first.Bench.Recorder.Of(SchedulerEventKind.Preempted));
        Assert.NotEmpty(first.Bench.Recorder.Of(SchedulerEventKind.Canceled));
        Assert.NotEmpty(first.Bench.Recorder.Of(SchedulerEventKind.Shifted));
        Assert.NotEmpty(first.Bench.Recorder.Of(SchedulerEventKind.Shared));
        Assert.NotEmpty(first.Bench.Recorder.Of(SchedulerEventKind.Expired));
        Assert.Contains(first.Bench.Recorder.Of(SchedulerEventKind.Drafted), item => item.Count > 0);
    }

    [Fact]
    public void Caches_of_their_own_run_full_for_nobody_else()
    {
        var simulation = new Simulation(11, unified: false);
        simulation.Run(arrivalCount: 100);
        Assert.NotEmpty(simulation.Bench.Recorder.Of(SchedulerEventKind.Shared));
        Assert.NotEmpty(simulation.Bench.Recorder.Of(SchedulerEventKind.Shifted));
        Assert.NotEmpty(simulation.Bench.Recorder.Of(SchedulerEventKind.Canceled));
        // Only slow readers lose their slots, to those who wait.
        var slow = simulation.Clients.Where(client => client.Slow).Select(client => client.Sequence.Id).ToHashSet();
        Assert.All(
            simulation.Bench.Recorder.Of(SchedulerEventKind.Preempted), item => Assert.Contains(item.SequenceId, slow));
    }

    private static void AssertEnded(Simulation simulation, SimulatedClient client)
    {
        var ends = simulation.Bench.Recorder.Of(client.Sequence.Id)
            .Where(item => item.Kind
                is SchedulerEventKind.Finished or SchedulerEventKind.Canceled or SchedulerEventKind.Expired)
            .ToList();
        Assert.Single(ends);
        Assert.True(client.Stream.Completed);
        var alone = simulation.RunAlone(client);
        if (ends[0].Kind == SchedulerEventKind.Canceled)
        {
            Assert.True(client.CanceledAtStep > 0);
            // The step after the request is the first that can see it.
            Assert.Equal(client.CanceledAtStep + 1, ends[0].Step);
            Assert.Equal(alone.Tokens.Take(client.Tokens.Count), client.Tokens);
            return;
        }

        if (ends[0].Kind == SchedulerEventKind.Expired)
        {
            Assert.True(client.Sequence.Times.Ended >= client.Sequence.Deadline);
            Assert.Equal(alone.Tokens.Take(client.Tokens.Count), client.Tokens);
            return;
        }

        Assert.Equal(alone.Tokens, client.Tokens);
        Assert.Equal(alone.Text, client.Text.ToString());
        Assert.Equal(alone.FinishReason, ends[0].FinishReason);
    }

    private static void AssertSlotsBalance(Simulation simulation)
    {
        var occupied = new Dictionary<int, long>();
        foreach (var item in simulation.Bench.Recorder.Events)
        {
            switch (item.Kind)
            {
                case SchedulerEventKind.Admitted:
                    Assert.True(occupied.TryAdd(item.Slot, item.SequenceId), $"Slot {item.Slot} was taken: {item}");
                    break;
                case SchedulerEventKind.SlotFreed:
                    Assert.True(occupied.Remove(item.Slot, out var owner), $"Slot {item.Slot} was free: {item}");
                    Assert.Equal(item.SequenceId, owner);
                    break;
                case SchedulerEventKind.Prefilled or SchedulerEventKind.Decoded or SchedulerEventKind.Shifted:
                    Assert.Equal(item.SequenceId, occupied[item.Slot]);
                    break;
            }
        }

        Assert.Empty(occupied);
    }

    // Whoever is first given a slot came, by arrival and priority, before all who were waiting for their first one.
    private static void AssertFirstComeFirstServed(Simulation simulation)
    {
        var clients = simulation.Clients.ToDictionary(client => client.Sequence.Id);
        var waiting = new List<Sequence>();
        foreach (var item in simulation.Bench.Recorder.Events)
        {
            var sequence = clients[item.SequenceId].Sequence;
            switch (item.Kind)
            {
                case SchedulerEventKind.Queued:
                    waiting.Add(sequence);
                    break;
                case SchedulerEventKind.Admitted when waiting.Remove(sequence):
                    Assert.All(waiting, other => Assert.True(sequence.ComesBefore(other), $"{other.Id} < {item}"));
                    break;
                case SchedulerEventKind.Canceled or SchedulerEventKind.Expired:
                    waiting.Remove(sequence);
                    break;
            }
        }
    }

    private sealed class SimulatedClient(Sequence sequence, SequenceRequest request, bool slow, LoopBench bench)
    {
        public Sequence Sequence { get; } = sequence;

        public SequenceRequest Request { get; } = request;

        public bool Slow { get; } = slow;

        public SequenceStream Stream { get; } = new(sequence, bench.Engine.Pieces, TimeProvider.System);

        public List<int> Tokens { get; } = [];

        public StringBuilder Text { get; } = new();

        public long CanceledAtStep { get; set; }
    }

    private sealed class Simulation
    {
        private readonly Random _random;
        private readonly ScriptedEngineOptions _options;

        public Simulation(int seed, bool unified)
        {
            _random = new Random(seed);
            _options = new ScriptedEngineOptions
            {
                Seed = seed,
                CellCount = unified ? 220 : 5 * ContextTokens,
                CacheUnified = unified,
                MissingCellCount = unified && seed % 3 == 0 ? 80 : 0,
                SequenceCountMax = 5,
                BatchTokensMax = 24,
                EndEvery = 60,
                CanCut = seed % 4 != 0,
                CanShift = seed % 5 != 0,
                AddsBosToken = seed % 2 == 0,
                // Some seeds repeat themselves most of the time, so that proposals are right now and then.
                Script = seed % 5 == 4 ? Repeat : null,
            };
            // Some have a draft model, which agrees about half of the time and has too few cells now and then.
            var draft = seed % 3 != 1
                ? null
                : _options with
                {
                    CellCount = seed % 2 == 0 ? 120 : 220,
                    CacheUnified = true,
                    MissingCellCount = 0,
                    CanCut = true,
                    Script = history => (history.Length / 7) % 2 == 0 ? 'a' + (history.Length % 3) : -1,
                };
            Bench = new LoopBench(
                _options with { Interfere = Disturb, Draft = draft },
                contextTokens: ContextTokens,
                tokenDelayMax: TimeSpan.FromMilliseconds(seed % 2 == 0 ? 40 : 0),
                prefixCacheBytes: seed % 3 == 1 ? 2000 : 0,
                idleCellsMax: unified ? 40 : int.MaxValue)
            {
                CreditTokens = CreditTokens,
            };
        }

        public LoopBench Bench { get; }

        public List<SimulatedClient> Clients { get; } = [];

        public string Trace => string.Join('\n', Bench.Recorder.Events);

        public void Run(int arrivalCount)
        {
            long step = 0;
            while (Clients.Count < arrivalCount || Clients.Any(client => !client.Stream.Completed))
            {
                Assert.True(step < 200_000, $"The simulation does not end.\n{Trace}");
                var arriving = _random.Next(4) != 0 ? 0 : _random.Next(10) == 0 ? 4 : 1;
                for (; arriving > 0 && Clients.Count < arrivalCount; arriving--)
                {
                    Arrive();
                }

                foreach (var client in Clients.Where(client => !client.Stream.Completed).ToList())
                {
                    Act(client, step);
                }

                Bench.Loop.Step();
                step++;
            }
        }

        public SequenceChunk RunAlone(SimulatedClient client)
        {
            var options = _options with { MissingCellCount = 0 };
            var bench = new LoopBench(options, contextTokens: ContextTokens) { CreditTokens = 4096 };
            return bench.Run(client.Request with { Deadline = null, DraftTokensMax = 0 });
        }

        private static int Repeat(int[] history) =>
            history.Length % 9 < 6 ? 'a' + (history.Length % 3) : -1;

        // Time passes with the work, and now and then the cache has less room than the accounts say.
        private StepOutcome? Disturb(EngineBatch batch)
        {
            Bench.Time.Advance(TimeSpan.FromMilliseconds(2 + batch.Count));
            return batch.Count > 1 && _random.Next(40) == 0 ? StepOutcome.KvCacheFull : null;
        }

        private void Arrive()
        {
            var shared = new string('s', 20 + _random.Next(20));
            var request = LoopBench.Greedy(
                (_random.Next(2) == 0 ? shared : "") + new string((char)('a' + _random.Next(5)), 1 + _random.Next(50)),
                _random.Next(5) == 0 ? 150 : _random.Next(40)) with
            {
                Id = Clients.Count + 1,
                StopSequences = _random.Next(2) == 0 ? ["a", "\u00e4b"] : [],
                Shift = _random.Next(2) == 0,
                KeepTokens = _random.Next(-1, 9),
                Priority = _random.Next(4) == 0 ? _random.Next(-2, 3) : 0,
                Deadline = _random.Next(10) == 0 ? TimeSpan.FromMilliseconds(_random.Next(1, 4000)) : null,
                DraftTokensMax = _random.Next(3) == 0 ? _random.Next(5) : 0,
                AdapterKey = _random.Next(4) == 0 ? _random.Next(1, 4) : 0,
                Sampling = new SamplingOptions
                {
                    Temperature = _random.Next(2),
                    Seed = (uint)_random.Next(),
                    RepeatPenalty = 1 + (_random.Next(3) * 0.1f),
                },
            };
            var sequence = Bench.Make(request);
            if (Bench.Loop.TrySubmit(sequence) == SubmitOutcome.Accepted)
            {
                Clients.Add(new SimulatedClient(sequence, request, _random.Next(4) == 0, Bench));
            }
        }

        private void Act(SimulatedClient client, long step)
        {
            if (client.CanceledAtStep == 0 && !client.Sequence.HasEnded && _random.Next(200) == 0)
            {
                client.Sequence.RequestCancel();
                client.CanceledAtStep = step;
            }

            if (client.Slow && _random.Next(30) != 0)
            {
                return;
            }

            if (client.Stream.TryTake() is { } chunk)
            {
                Assert.InRange(chunk.Tokens.Count, 0, CreditTokens);
                client.Tokens.AddRange(chunk.Tokens);
                client.Text.Append(chunk.Text);
                client.Sequence.Grant(chunk.Tokens.Count);
            }
        }
    }
}
