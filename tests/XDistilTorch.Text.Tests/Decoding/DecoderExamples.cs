using CsCheck;

namespace XDistilTorch.Decoding;

/// <summary>A made-up text with windows over it.</summary>
/// <param name="Context">Words with letters of one, two and more UTF-16 units.</param>
/// <param name="Windows">Overlapping windows: [CLS], two question tokens, [SEP], context, [SEP], padding.</param>
public sealed record DecoderExample(string Context, DecoderWindow[] Windows)
{
    public override string ToString() => $"\"{Context}\", {Windows.Length} windows";
}

/// <summary>Random examples for properties. Logits are multiples of 1/4: full of ties, and exact under addition.</summary>
internal static class DecoderExamples
{
    private const int Before = 4; // [CLS] q q [SEP]

    private static readonly string[] Words = ["tea", "naïve", "e\u0301tude", "茶", "🍵", "𝒳-ray", "won.", "“so”", "is", "a"];

    private static readonly Gen<string> Word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);

    public static readonly Gen<DecoderExample> Any =
        from words in Word.Array[1, 40]
        from size in Gen.Int[1, 12]
        from overlap in Gen.Int[0, size - 1]
        from padding in Gen.Int[0, 3]
        let starts = Enumerable
            .Range(0, words.Length)
            .Where(i => i == 0 || (i % (size - overlap) == 0 && i + overlap < words.Length))
            .ToArray()
        from logits in Logits(Before + size + 1 + padding).Array[2 * starts.Length]
        select new DecoderExample(
            string.Join(' ', words),
            [.. starts.Select((first, i) => Window(words, first, Math.Min(size, words.Length - first), logits[2 * i], logits[(2 * i) + 1]))]
        );

    public static readonly Gen<SquadDecoderOptions> Options =
        from nBestSize in Gen.Int[1, 25]
        from maxAnswerLength in Gen.Int[1, 15]
        from allowNoAnswer in Gen.Bool
        from threshold in Gen.Int[-8, 8]
        select new SquadDecoderOptions
        {
            NBestSize = nBestSize,
            MaxAnswerLength = maxAnswerLength,
            AllowNoAnswer = allowNoAnswer,
            NullThreshold = threshold / 4f,
        };

    public static DecoderWindow[] Shifted(DecoderWindow[] windows, float by) =>
        [
            .. windows.Select(window => new DecoderWindow(
                Array.ConvertAll(window.StartLogits.ToArray(), logit => logit + by),
                Array.ConvertAll(window.EndLogits.ToArray(), logit => logit + by),
                window.Offsets,
                window.ContextStart,
                window.ContextEnd
            )),
        ];

    private static Gen<float[]> Logits(int length) => Gen.Int[-40, 40].Select(quarters => quarters / 4f).Array[length];

    private static DecoderWindow Window(string[] words, int first, int count, float[] starts, float[] ends)
    {
        var offsets = new TextSpan[Before + count + 1];
        var at = words.Take(first).Sum(word => word.Length + 1);
        for (var i = 0; i < count; i++)
        {
            offsets[Before + i] = new TextSpan(at, at + words[first + i].Length);
            at += words[first + i].Length + 1;
        }
        return new DecoderWindow(starts, ends, offsets, Before, Before + count);
    }
}
