using System.IO.Compression;
using XDistilTorch.Reports.Attention;

namespace XDistilTorch.Tests.Reports;

/// <summary>A packed head read back by the format's own words, as the page's script does.</summary>
internal sealed class PackedMap
{
    private readonly byte[] levels;
    private readonly Dictionary<int, double> exact = [];

    public PackedMap(string text, int length)
    {
        var bytes = Inflated(Bytes(text));
        levels = bytes[..(length * length)];
        var aside = bytes[(length * length)..];
        int[] marks = [.. Enumerable.Range(0, levels.Length).Where(place => levels[place] == 25)];
        aside.Should().HaveCount(2 * marks.Length);
        for (var i = 0; i < marks.Length; i++)
            exact[marks[i]] = ThreeDigits(aside[i] | aside[marks.Length + i] << 8);
    }

    public int Count => levels.Length;

    public bool IsExact(int place) => exact.ContainsKey(place);

    public double this[int place] =>
        exact.TryGetValue(place, out var value) ? value
        : levels[place] == 0 ? 0
        : Math.Pow(2, (levels[place] - 0.5) / 2 - 12);

    public static byte[] Bytes(string text)
    {
        List<byte> bytes = [];
        int pending = 0,
            bits = 0;
        for (var i = 0; i + 1 < text.Length; i += 2)
        {
            var pair = Digit(text[i]) + 91 * Digit(text[i + 1]);
            pending |= pair << bits;
            bits += (pair & 8191) > 88 ? 13 : 14;
            for (; bits > 7; bits -= 8, pending >>= 8)
                bytes.Add((byte)pending);
        }
        if (text.Length % 2 == 1)
            bytes.Add((byte)(pending | Digit(text[^1]) << bits));
        return [.. bytes];
    }

    private static int Digit(char character) => Base91.Alphabet.IndexOf(character, StringComparison.Ordinal);

    private static double ThreeDigits(int code) =>
        code == 0
            ? 0
            : double.Parse($"{(code - 1) % 900 + 100}e-{(code - 1) / 900 + 2}", System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Inflated(byte[] bytes)
    {
        using var inflate = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var all = new MemoryStream();
        inflate.CopyTo(all);
        return all.ToArray();
    }
}
