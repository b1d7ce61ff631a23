using XDistilTorch.Engines;

namespace XDistilTorch.Inspection.Comparison;

/// <summary>
/// How differently two models place an answer in the same window: the Jensen-Shannon divergence, in nats, of their probabilities of every token to be its first, and of those
/// to be its last (softmax over the window's logits, as in training), mean of both. 0 for the same, ln 2 at most.
/// </summary>
public static class AnswerDivergence
{
    /// <summary>What it can and cannot show.</summary>
    public const string Note =
        "Answer divergence sees where the models place an answer also when its text is the same, and not which of the two is right.";

    /// <summary>The divergence in a window.</summary>
    /// <param name="one">The logits of one model.</param>
    /// <param name="other">Those of the other, as many.</param>
    /// <exception cref="InspectionException">They are not as many.</exception>
    public static double Of(WindowLogits one, WindowLogits other)
    {
        if (one.Start.Length != other.Start.Length || one.End.Length != other.End.Length)
            throw new InspectionException(
                $"logits of {one.Start.Length} and of {other.Start.Length} tokens do not compare, expected those of one window."
            );
        return (Between(Probabilities(one.Start), Probabilities(other.Start)) + Between(Probabilities(one.End), Probabilities(other.End)))
            / 2;
    }

    private static double[] Probabilities(float[] logits)
    {
        double most = logits.Max();
        double[] shares = [.. logits.Select(logit => Math.Exp(logit - most))];
        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    private static double Between(double[] p, double[] q)
    {
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var middle = (p[i] + q[i]) / 2;
            sum += FromMiddle(p[i], middle) + FromMiddle(q[i], middle);
        }
        return Math.Clamp(sum / 2, 0, Math.Log(2));
    }

    // Where there is no probability, 0 log 0 = 0.
    private static double FromMiddle(double p, double middle) => p == 0 ? 0 : p * Math.Log(p / middle);
}
