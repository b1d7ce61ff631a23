using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace XDistilTorch;

/// <summary>
/// JSON for people and for line-wise tools: every letter, space and emoji as itself, escaped only what JSON demands and what would break a
/// line or a terminal (control characters, U+2028, U+2029). A lone surrogate becomes U+FFFD, one unit for one unit.
/// </summary>
/// <remarks>Not for embedding in HTML: angle brackets stay. <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/> escapes emoji and wide spaces.</remarks>
public sealed unsafe class ReadableJsonEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create(FindSuspects());

    private ReadableJsonEncoder() { }

    /// <summary>The encoder; it has no state.</summary>
    public static ReadableJsonEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6; // \uXXXX

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => IsEscaped(unicodeScalar);

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        for (var i = 0; ; )
        {
            var skipped = rest[i..].IndexOfAny(Suspects);
            if (skipped < 0)
                return -1;
            i += skipped;
            if (Rune.DecodeFromUtf16(rest[i..], out var rune, out var units) != OperationStatus.Done || IsEscaped(rune.Value))
                return i;
            i += units;
        }
    }

    /// <inheritdoc/>
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var target = new Span<char>(buffer, bufferLength);
        if (!IsEscaped(unicodeScalar))
            return new Rune(unicodeScalar).TryEncodeToUtf16(target, out numberOfCharactersWritten);

        return unicodeScalar switch
        {
            '"' => TryWrite("\\\"", target, out numberOfCharactersWritten),
            '\\' => TryWrite("\\\\", target, out numberOfCharactersWritten),
            '\n' => TryWrite("\\n", target, out numberOfCharactersWritten),
            '\r' => TryWrite("\\r", target, out numberOfCharactersWritten),
            '\t' => TryWrite("\\t", target, out numberOfCharactersWritten),
            _ => target.TryWrite(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:x4}", out numberOfCharactersWritten),
        };
    }

    private static bool IsEscaped(int scalar) =>
        scalar is '"' or '\\' or 0x2028 or 0x2029 or < 0x20 or (>= 0x7F and <= 0x9F) or (>= 0xD800 and <= 0xDFFF);

    private static bool TryWrite(string escape, Span<char> target, out int written)
    {
        written = escape.TryCopyTo(target) ? escape.Length : 0;
        return written > 0;
    }

    private static ReadOnlySpan<char> FindSuspects()
    {
        var found = new List<char>();
        for (int c = char.MinValue; c <= char.MaxValue; c++)
            if (IsEscaped(c))
                found.Add((char)c);
        return found.ToArray();
    }
}
