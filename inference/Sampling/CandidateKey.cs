using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// A score and an index in one integer that sorts ascending by descending score, then by ascending index: one
/// allocation-free sort of integers instead of one of pairs, and ties always fall the same way.
/// </summary>
internal static class CandidateKey
{
    public static ulong Descending(float score, int index) => ((ulong)~Ordered(score) << 32) | (uint)index;

    public static ulong Ascending(float score, int index) => ((ulong)Ordered(score) << 32) | (uint)index;

    public static int Index(ulong key) => (int)(uint)key;

    /// <summary>Moves the given number of smallest keys to the front, in no order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Partition(Span<ulong> keys, int count)
    {
        var low = 0;
        var high = keys.Length - 1;
        while (low < high)
        {
            var pivot = MedianOfThree(keys[low], keys[low + ((high - low) / 2)], keys[high]);
            var left = low;
            var right = high;
            while (left <= right)
            {
                while (keys[left] < pivot)
                {
                    left++;
                }

                while (keys[right] > pivot)
                {
                    right--;
                }

                if (left <= right)
                {
                    (keys[left], keys[right]) = (keys[right], keys[left]);
                    left++;
                    right--;
                }
            }

            if (count - 1 <= right)
            {
                high = right;
            }
            else if (count - 1 >= left)
            {
                low = left;
            }
            else
            {
                return;
            }
        }
    }

    private static ulong MedianOfThree(ulong a, ulong b, ulong c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    // The bits of floats sort like integers once negative ones are turned around.
    private static uint Ordered(float score)
    {
        var bits = BitConverter.SingleToUInt32Bits(score);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }
}
