namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>
/// A merge sort: stable as Python's, and it lets the exceptions of a comparison through, which the framework's sorts
/// wrap.
/// </summary>
internal static class StableSort
{
    /// <summary>Sorts the list in place and returns it.</summary>
    public static List<T> Sort<T>(List<T> items, Comparison<T> compare)
    {
        var source = items.ToArray();
        var target = new T[source.Length];
        for (var width = 1; width < source.Length; width = (int)Math.Min(width * 2L, source.Length))
        {
            for (var start = 0; start < source.Length; start += width * 2)
            {
                Merge(source, target, start, width, compare);
            }

            (source, target) = (target, source);
        }

        items.Clear();
        items.AddRange(source);
        return items;
    }

    private static void Merge<T>(T[] source, T[] target, int start, int width, Comparison<T> compare)
    {
        var middle = Math.Min(start + width, source.Length);
        var end = Math.Min(middle + width, source.Length);
        var (left, right) = (start, middle);
        for (var at = start; at < end; at++)
        {
            var takeLeft = left < middle && (right >= end || compare(source[left], source[right]) <= 0);
            target[at] = takeLeft ? source[left++] : source[right++];
        }
    }
}
