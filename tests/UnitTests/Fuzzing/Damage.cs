namespace Ollama.Platform.UnitTests.Fuzzing;

/// <summary>Damages sound inputs at random; the same seed does the same damage.</summary>
internal static class Damage
{
    private const int PlaceCountMax = 4;

    /// <summary>Bytes, wrong in one to four places: flipped, replaced, cut out, repeated or cut off.</summary>
    public static byte[] Bytes(byte[] sound, Random random)
    {
        var bytes = new List<byte>(sound);
        for (var count = 1 + random.Next(PlaceCountMax); count > 0; count--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, random.Next(1, 9)));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(0, Math.Min(bytes.Count, random.Next(1, 40))));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(8) == 0 ? bytes.Count - at : 0);
                    bytes.Add(0);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A text, wrong in one to four places: cut out, repeated, cut off, replaced or put in.</summary>
    /// <param name="sound">The text.</param>
    /// <param name="random">What decides.</param>
    /// <param name="words">What may be put in.</param>
    public static string Text(string sound, Random random, IReadOnlyList<string> words)
    {
        for (var count = 1 + random.Next(PlaceCountMax); count > 0 && sound.Length > 0; count--)
        {
            var at = random.Next(sound.Length);
            var length = Math.Min(sound.Length - at, random.Next(1, 30));
            sound = random.Next(5) switch
            {
                0 => sound.Remove(at, length),
                1 => sound.Insert(at, sound.Substring(random.Next(sound.Length - length + 1), length)),
                2 => sound[..at],
                3 => sound.Remove(at, 1).Insert(at, ((char)random.Next(1, 0x250)).ToString()),
                _ => sound.Insert(at, words[random.Next(words.Count)]),
            };
        }

        return sound;
    }
}
