using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Host.Connections;

namespace Ollama.Platform.UnitTests.Host;

public sealed class LargeBlocksTests
{
    [Fact]
    public void Whoever_comes_when_all_large_blocks_are_lent_gets_a_small_one()
    {
        using var pool = new BlockPool(new LargeBlocks(), MemoryPool<byte>.Shared);
        var lent = new List<IMemoryOwner<byte>>();
        while (pool.Rent(4096) is { Memory.Length: LargeBlocks.BlockBytes } block && lent.Count < 10_000)
        {
            lent.Add(block);
        }

        // 32 MiB, however many connections there are.
        Assert.Equal(256, lent.Count);
        using (var small = pool.Rent(4096))
        {
            Assert.Equal(4096, small.Memory.Length);
        }

        lent[17].Dispose();
        using var again = pool.Rent(4096);
        Assert.Equal(LargeBlocks.BlockBytes, again.Memory.Length);
    }

    [Fact]
    public void All_pools_share_the_large_blocks_and_the_one_used_last_is_lent_first()
    {
        var large = new LargeBlocks();
        using var first = new BlockPool(large, MemoryPool<byte>.Shared);
        using var second = new BlockPool(large, MemoryPool<byte>.Shared);
        var (cold, hot) = (first.Rent(), first.Rent());
        cold.Dispose();
        hot.Dispose();
        using var again = second.Rent();
        Assert.Same(hot, again);
    }

    [Fact]
    public void The_servers_own_factory_stays_behind_the_large_blocks()
    {
        var own = new OwnFactory();
        var services = new ServiceCollection().AddSingleton<IMemoryPoolFactory<byte>>(_ => own);
        BlockPoolFactory.Add(services);
        using var provider = services.BuildServiceProvider();
        using var pool = provider.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        Assert.Equal(1, own.PoolCount);
        using var block = pool.Rent();
        Assert.Equal(LargeBlocks.BlockBytes, block.Memory.Length);
    }

    private sealed class OwnFactory : IMemoryPoolFactory<byte>
    {
        public int PoolCount { get; private set; }

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
        {
            PoolCount++;
            return MemoryPool<byte>.Shared;
        }
    }
}
