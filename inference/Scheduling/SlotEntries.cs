using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>Puts the tokens of a slot into a batch. Pure.</summary>
internal static class SlotEntries
{
    /// <summary>The latest token of a decoding slot, and what is proposed to follow it.</summary>
    public static void AppendDecoding(Slot slot, EngineBatch batch)
    {
        Append(slot, 1, batch);
        for (var index = 0; index < slot.DraftCount; index++)
        {
            batch.Add(slot.DraftTokens[index], slot.CellCount + 1 + index, slot.Index, output: true);
        }

        slot.BatchTokens += slot.DraftCount;
    }

    /// <summary>The next tokens of a slot; the last of all is an output.</summary>
    public static void Append(Slot slot, int count, EngineBatch batch)
    {
        var output = count == slot.PendingTokens;
        for (var index = 0; index < count; index++)
        {
            var position = slot.CellCount + index;
            var last = output && index == count - 1;
            var entry = batch.Add(slot.Tokens[position], position, slot.Index, last);
            slot.OutputIndex = last ? entry : -1;
        }

        slot.BatchTokens = count;
    }
}
