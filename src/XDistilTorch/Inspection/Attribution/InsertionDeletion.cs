using System.IO.Hashing;
using System.Runtime.InteropServices;
using XDistilTorch.Modeling;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection.Attribution;

/// <summary>
/// How faithful an order of tokens is: the span's probability p_s[a] p_e[b], over that in the whole text, while the first tokens of the order are masked
/// (deletion) or alone shown (insertion). Masked is replaced by <c>[MASK]</c>, positions kept.
/// </summary>
public static class InsertionDeletion
{
    /// <summary>What the curves can and cannot show.</summary>
    public const string Shows =
        "whether the model's answer hangs on the tokens that a method puts first, beside random orders; masked texts are unusual ones, so compare, do not read alone.";

    /// <summary>How many random orders stand beside a method's.</summary>
    public const int RandomOrders = 5;

    private const int Steps = 10;

    /// <summary>The curves of one order.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="span">The answer that is looked at; 0..0 for no answer.</param>
    /// <param name="order">The tokens of the context outside the answer, the most important first (<see cref="TokenAttribution.Ranking"/>).</param>
    /// <param name="maskId">The id of <c>[MASK]</c>.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <exception cref="InspectionException">The order is empty or names a token twice or one that is not there; the model is in training mode.</exception>
    /// <exception cref="ArgumentException">The input is not one window of ids, or it or the mask does not fit the model.</exception>
    public static FaithfulnessCurves Of(
        BertForQuestionAnswering model,
        BertInput input,
        TokenSpan span,
        IReadOnlyList<int> order,
        int maskId,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Count == 0 || order.Distinct().Count() < order.Count)
            throw new InspectionException(
                $"the order has {order.Count} tokens, {order.Distinct().Count()} different ones; expected each token of the context outside the answer once."
            );
        int[] counts = [.. Enumerable.Range(1, Steps - 1).Select(step => (int)Math.Round(order.Count * step / (double)Steps))];
        List<int[]> masked =
        [
            [],
            [.. order],
        ];
        masked.AddRange(counts.Select(count => order.Take(count).ToArray()));
        masked.AddRange(counts.Select(count => order.Skip(count).ToArray()));

        var logs = new MaskedRuns(model, input, maskId).Of(masked, (start, end) => LogProbability(span, start, end), cancellation);
        double[] ratios = [.. logs.Select(log => Math.Exp(log - logs[0]))];
        return new FaithfulnessCurves([ratios[0], .. ratios[2..(Steps + 1)], ratios[1]], [ratios[1], .. ratios[(Steps + 1)..], ratios[0]]);
    }

    /// <summary>The mean curves of random orders; the same tokens and seed give the same orders everywhere.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="input">One window, [1, S].</param>
    /// <param name="span">The answer that is looked at; 0..0 for no answer.</param>
    /// <param name="positions">The tokens of the context outside the answer.</param>
    /// <param name="maskId">The id of <c>[MASK]</c>.</param>
    /// <param name="seed">Chooses the orders.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <inheritdoc cref="Of"/>
    public static FaithfulnessCurves Random(
        BertForQuestionAnswering model,
        BertInput input,
        TokenSpan span,
        IReadOnlyList<int> positions,
        int maskId,
        int seed = 1,
        CancellationToken cancellation = default
    ) =>
        FaithfulnessCurves.Mean([
            .. Enumerable
                .Range(0, RandomOrders)
                .Select(number => Of(model, input, span, Shuffled(positions, seed, number), maskId, cancellation)),
        ]);

    // By hashes, whose values are the same in every version of .NET; those of a seeded Random are no promise.
    private static int[] Shuffled(IReadOnlyList<int> positions, int seed, int number) =>
        [
            .. positions
                .OrderBy(position => XxHash3.HashToUInt64(MemoryMarshal.AsBytes<int>([seed, number, position])))
                .ThenBy(position => position),
        ];

    // [B, S] -> [B]
    private static Tensor LogProbability(TokenSpan span, Tensor start, Tensor end)
    {
        if (span.First < 0 || span.Last >= start.shape[1] || span.Length < 1)
            throw new InspectionException($"there are no tokens {span}; the window has {start.shape[1]}, numbered from 0.");
        return start.log_softmax(1).select(1, span.First).add(end.log_softmax(1).select(1, span.Last));
    }
}
