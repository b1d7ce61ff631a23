using System.Globalization;

namespace XDistilTorch.Decoding;

/// <summary>The decoders' door: past it every logit, and every sum of two, is a finite number.</summary>
internal static class LogitCheck
{
    // Two logits are added and their sums subtracted from one another: a quarter of the range leaves room for both.
    private const float Largest = float.MaxValue / 4;

    /// <param name="windows">The windows of one text.</param>
    /// <param name="where">Said before the window: which text.</param>
    /// <exception cref="ArgumentException">There is no window.</exception>
    /// <exception cref="DecodingException">A logit is not finite or beyond any sense.</exception>
    public static void Check(IReadOnlyList<DecoderWindow> windows, string where = "")
    {
        ArgumentNullException.ThrowIfNull(windows);
        // The published code answers "empty" or takes over the null score of the example before; both hide a caller's mistake.
        if (windows.Count == 0)
            throw new ArgumentException("an example without windows has no logits to decode; expected at least one.", nameof(windows));

        for (var window = 0; window < windows.Count; window++)
        {
            Check(windows[window].StartLogits.Span, $"{where}window {window}", "start");
            Check(windows[window].EndLogits.Span, $"{where}window {window}", "end");
        }
    }

    private static void Check(ReadOnlySpan<float> logits, string window, string side)
    {
        for (var token = 0; token < logits.Length; token++)
            if (!(MathF.Abs(logits[token]) <= Largest)) // NaN compares false
                throw new DecodingException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{window}: the {side} logit of token {token} is {logits[token]}, expected a finite number (magnitude at most {Largest:G2}). The model has diverged or its weights are damaged: check the checkpoint, and train with a lower learning rate or in float32."
                    )
                );
    }
}
