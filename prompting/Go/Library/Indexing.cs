using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Parts of values by place or key. Places within a text count bytes of UTF-8.</summary>
internal static class Indexing
{
    public static GoValue Index(GoCall call, GoValue[] arguments)
    {
        var item = arguments[0] is GoNil ? throw call.Fail("index of untyped nil") : arguments[0];
        foreach (var key in arguments.AsSpan(1))
        {
            item = item switch
            {
                GoList list => list.Items[At(call, key, list.Items.Count)],
                GoString text => new GoInteger(Bytes(call, text)[At(call, key, ByteCount(text))]),
                GoBytes bytes => new GoInteger(bytes.Value.Span[At(call, key, bytes.Value.Length)]),
                GoMap map => map.Get(Key(call, key)),
                GoNil => throw call.Fail("index of nil pointer"),
                _ => throw call.Fail($"can't index item of type {item.TypeName}"),
            };
        }

        return item;
    }

    public static GoValue Slice(GoCall call, GoValue[] arguments)
    {
        var item = arguments[0];
        if (arguments.Length > 4)
        {
            throw call.Fail($"too many slice indexes: {arguments.Length - 1}");
        }

        var length = item switch
        {
            GoList list => list.Items.Count,
            GoString when arguments.Length == 4 => throw call.Fail("cannot 3-index slice a string"),
            GoString text => ByteCount(text),
            GoNil => throw call.Fail("slice of untyped nil"),
            _ => throw call.Fail($"can't slice item of type {item.TypeName}"),
        };
        var places = arguments.Skip(1).Select(place => At(call, place, length + 1)).ToArray();
        var start = places is [var first, ..] ? first : 0;
        var end = places is [_, var second, ..] ? second : length;
        if (start > end)
        {
            throw call.Fail($"invalid slice index: {start} > {end}");
        }

        if (places is [_, _, var capacity] && end > capacity)
        {
            throw call.Fail($"invalid slice index: {end} > {capacity}");
        }

        call.State.Charge((end - start) >> 4);
        return item is GoList whole
            ? new GoList(whole.TypeName, [.. whole.Items.Skip(start).Take(end - start)], whole.Notation)
            : call.Text(Encoding.UTF8.GetString(Bytes(call, (GoString)item).AsSpan(start, end - start)));
    }

    public static GoValue Length(GoCall call, GoValue[] arguments) => new GoInteger(arguments[0] switch
    {
        GoList list => list.Items.Count,
        GoMap map => map.Entries.Count,
        GoString text => ByteCount(text),
        GoBytes bytes => bytes.Value.Length,
        GoNil => throw call.Fail("len of nil pointer"),
        _ => throw call.Fail($"len of type {arguments[0].TypeName}"),
    });

    private static int At(GoCall call, GoValue place, int end)
    {
        var value = place switch
        {
            GoInteger number => number.Value,
            GoNil => throw call.Fail("cannot index slice/array with nil"),
            _ => throw call.Fail($"cannot index slice/array with type {place.TypeName}"),
        };
        return value >= 0 && value < end
            ? (int)value
            : throw call.Fail(string.Create(CultureInfo.InvariantCulture, $"index out of range: {value}"));
    }

    private static string Key(GoCall call, GoValue key) => key switch
    {
        GoString text => text.Value,
        GoNil => throw call.Fail("value is nil; should be of type string"),
        _ => throw call.Fail($"value has type {key.TypeName}; should be string"),
    };

    private static int ByteCount(GoString text) => Encoding.UTF8.GetByteCount(text.Value);

    private static byte[] Bytes(GoCall call, GoString text)
    {
        call.State.ChargeScan(text.Value.Length);
        call.State.ChargeText(text.Value.Length);
        return Encoding.UTF8.GetBytes(text.Value);
    }
}
