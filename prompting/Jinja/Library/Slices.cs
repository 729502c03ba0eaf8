using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Items by index and slices, with Python's negative indexes and clamping.</summary>
internal static class Slices
{
    public static bool TryGetItem(RenderState state, JinjaValue value, long index, out JinjaValue item)
    {
        var length = Sequences.Length(state, value);
        index += index < 0 ? length : 0;
        item = default;
        if (index < 0 || index >= length)
        {
            return false;
        }

        item = value.IsString ? Character(state, value.AsString, index) : value.Items[(int)index];
        return true;
    }

    public static JinjaValue Take(RenderState state, JinjaValue value, long? start, long? stop, long step)
    {
        if (!value.IsString && !value.IsSequence)
        {
            throw state.Fail(value.IsUndefined
                ? $"{PythonText.Missing(value)}, so it has no items"
                : $"a {value.TypeName} cannot be sliced");
        }

        if (step == 0)
        {
            throw state.Fail("the step of a slice cannot be zero");
        }

        var length = Sequences.Length(state, value);
        step = Math.Clamp(step, -int.MaxValue, int.MaxValue);
        var first = step > 0 ? 0 : -1;
        var last = step > 0 ? length : length - 1;
        var from = start is null ? (step > 0 ? first : last) : Clamp(start.Value, length, first, last);
        var to = stop is null ? (step > 0 ? last : first) : Clamp(stop.Value, length, first, last);
        var count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
        return value.IsString
            ? TakeText(state, value.AsString, from, Math.Max(count, 0), step)
            : TakeItems(state, value, from, Math.Max(count, 0), step);
    }

    private static long Clamp(long bound, long length, long first, long last) =>
        bound < 0 ? Math.Max(bound + length, first) : Math.Min(bound, last);

    private static JinjaValue TakeItems(RenderState state, JinjaValue value, long from, long count, long step)
    {
        state.Charge(count);
        var items = value.Items;
        var taken = new JinjaValue[count];
        for (var i = 0; i < count; i++)
        {
            taken[i] = items[(int)(from + (i * step))];
        }

        return value.Kind == JinjaKind.Tuple ? JinjaValue.TupleOf(taken) : JinjaValue.From([.. taken]);
    }

    private static JinjaValue TakeText(RenderState state, string text, long from, long count, long step)
    {
        state.ChargeScan(text.Length);
        if (count == 0)
        {
            return JinjaValue.EmptyText;
        }

        if (step == 1)
        {
            var start = CodePoints.OffsetOf(text, from);
            var end = CodePoints.OffsetOf(text, from + count);
            return start == 0 && end == text.Length
                ? JinjaValue.From(text)
                : state.Text(text.AsSpan(start, end - start));
        }

        state.Charge(count);
        var builder = new StringBuilder();
        var characters = CodePoints.AreSingleUnits(text) ? null : CodePoints.Characters(text);
        for (var i = 0; i < count; i++)
        {
            var index = (int)(from + (i * step));
            if (characters is null)
            {
                builder.Append(text[index]);
            }
            else
            {
                builder.Append(characters[index].AsString);
            }
        }

        return state.Text(builder.ToString());
    }

    private static JinjaValue Character(RenderState state, string text, long index)
    {
        state.ChargeScan(text.Length);
        var offset = CodePoints.OffsetOf(text, index);
        return state.Text(text.AsSpan(offset, CodePoints.OffsetOf(text, index + 1) - offset));
    }
}
