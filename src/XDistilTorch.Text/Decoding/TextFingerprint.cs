using System.Buffers;
using XDistilTorch.Evaluation;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Decoding;

/// <summary>
/// A number for every slice of a text, in constant time, that is equal wherever the normalised slices are equal
/// (<see cref="AnswerNormalization"/>): normalising each of the 11,000 spans of a window would take longer than all the rest.
/// </summary>
/// <remarks>
/// The sum of a hash of every character in lower case. What normalising may delete counts nothing: white space, ASCII punctuation, and the letters
/// of a, an and the wherever they stand. Both small sigmas count alike, since which one it is depends on where the slice is cut.
/// </remarks>
internal sealed class TextFingerprint : IDisposable
{
    private static readonly ulong[] AsciiHashes = [.. Enumerable.Range(0, 128).Select(c => HashOfAscii((char)c))];

    // The sum over all characters before each UTF-16 position.
    private readonly ulong[] sums;

    /// <param name="text">The text.</param>
    /// <param name="length">How much of it is asked for, from the start, UTF-16.</param>
    public TextFingerprint(string text, int length)
    {
        sums = ArrayPool<ulong>.Shared.Rent(length + 1);
        var sum = 0UL;
        for (var i = 0; i < length; )
        {
            var hash = HashAt(text, i, out var units);
            for (var unit = 1; unit < units && i + unit <= length; unit++)
                sums[i + unit] = sum + hash;
            sums[i] = sum;
            sum += hash;
            i += units;
        }
        sums[length] = sum;
    }

    /// <summary>The fingerprint of a slice; of one without width that of "".</summary>
    public ulong this[TextSpan span] => span.Length > 0 ? sums[span.End] - sums[span.Start] : 0;

    /// <summary>The fingerprint of a whole text.</summary>
    public static ulong Of(string text)
    {
        var sum = 0UL;
        for (var i = 0; i < text.Length; )
        {
            sum += HashAt(text, i, out var units);
            i += units;
        }
        return sum;
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(sums);

    private static ulong HashAt(string text, int index, out int units)
    {
        var codePoint = CodePoints.At(text, index, out units);
        if (codePoint < 128)
            return AsciiHashes[codePoint];
        if (units == 1 && PythonText.IsWhiteSpace((char)codePoint))
            return 0;

        // By UTF-16 units: two lone surrogates become a pair when what is between them is deleted.
        var sum = 0UL;
        foreach (var c in PythonText.Lower(text.Substring(index, units)))
            sum += Hash(c);
        return sum;
    }

    private static ulong HashOfAscii(char c) =>
        char.IsPunctuation(c) || char.IsSymbol(c) || PythonText.IsWhiteSpace(c) ? 0 : Hash(char.ToLowerInvariant(c));

    private static ulong Hash(char c)
    {
        if (c is 'a' or 'n' or 't' or 'h' or 'e')
            return 0;
        // The finaliser of SplitMix64: sums of a few hundred of these do not meet by accident.
        var hash = (c == 'ς' ? 'σ' : (ulong)c) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
