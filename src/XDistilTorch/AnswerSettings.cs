using XDistilTorch.Decoding;
using XDistilTorch.Windows;

namespace XDistilTorch;

/// <summary><see cref="AnswerOptions"/> with every value that was left unset put in; what a run's answers depend on, beside model and data.</summary>
public sealed record AnswerSettings
{
    private const int UsualLength = 384;

    /// <summary>The decoder.</summary>
    public required DecoderKind Decoder { get; init; }

    /// <summary>How many answers are listed.</summary>
    public required int TopK { get; init; }

    /// <summary>The longest window, in tokens.</summary>
    public required int MaxLength { get; init; }

    /// <summary>How many context tokens neighbouring windows share.</summary>
    public required int Stride { get; init; }

    /// <summary>The longest answer, in tokens.</summary>
    public required int MaxAnswerLength { get; init; }

    /// <summary>The <c>squad</c> decoder's n-best size.</summary>
    public required int NBestSize { get; init; }

    /// <summary>The threshold of no answer, in logits.</summary>
    public required double NullThreshold { get; init; }

    /// <summary>The <c>calibrated</c> decoder's temperature.</summary>
    public required double Temperature { get; init; }

    /// <summary>The <c>calibrated</c> decoder's temperature of no answer; null where one serves for all.</summary>
    public double? NullTemperature { get; init; }

    /// <summary>Whether no answer takes no part.</summary>
    public required bool AlwaysAnswer { get; init; }

    internal WindowOptions Windows => new(MaxLength, Stride);

    /// <summary>Settles options.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="calibration">The model folder's; null where it has none.</param>
    /// <param name="positions">How many positions the model has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    /// <exception cref="XDistilException">Longer windows are asked for than the model has positions, or windows share more than they hold.</exception>
    public static AnswerSettings Settle(AnswerOptions options, Calibration? calibration, int positions)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var decoder = options.Decoder ?? (calibration is null ? DecoderKind.Squad : DecoderKind.Calibrated);
        var fitted = decoder == DecoderKind.Calibrated ? calibration : null;
        var length = MaxLengthOf(options.MaxLength, fitted, positions);
        var stride = options.Stride ?? (options.MaxLength is null ? fitted?.Stride : null) ?? Math.Min(128, length / 2);
        if (stride > length - 2)
            throw new XDistilException(
                $"windows of {length} tokens are to share {stride}; at most {length - 2} can be shared. Lower the stride."
            );
        return new AnswerSettings
        {
            Decoder = decoder,
            TopK = options.TopK,
            MaxLength = length,
            Stride = stride,
            MaxAnswerLength = options.MaxAnswerLength ?? fitted?.MaxAnswerLength ?? (decoder == DecoderKind.Pipeline ? 15 : 30),
            NBestSize = options.NBestSize,
            NullThreshold = options.NullThreshold ?? fitted?.NullThreshold ?? 0,
            Temperature = fitted?.Temperature ?? 1,
            NullTemperature = fitted?.NullTemperature,
            AlwaysAnswer = options.AlwaysAnswer,
        };
    }

    private static int MaxLengthOf(int? asked, Calibration? fitted, int positions)
    {
        if (asked > positions)
            throw new XDistilException(
                $"the longest window is to have {asked} tokens, this model has positions for {positions}. Ask for {positions} or fewer."
            );
        return asked ?? Math.Min(fitted?.MaxLength ?? UsualLength, positions);
    }
}
