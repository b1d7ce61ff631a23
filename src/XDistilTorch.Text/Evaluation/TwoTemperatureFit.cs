using System.Globalization;

namespace XDistilTorch.Evaluation;

/// <summary>
/// Fits the temperature of the spans and that of the null odds together, so that the right and wrong answers that are returned are most likely. For every
/// temperature of the spans the best one of the null odds is found; both searches narrow a grid and then section it.
/// </summary>
internal static class TwoTemperatureFit
{
    private const double LargestLog = 4.2; // temperatures from 1/67 to 67
    private const int GridSteps = 12;
    private const double Precision = 1e-6; // of ln T: the minimum is flat
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    // What was certain and did not happen costs this, not everything.
    private const double LeastProbability = 1e-12;

    /// <exception cref="DataException">No temperatures fit: there is no minimum between 1/67 and 67.</exception>
    public static CalibrationFit Find(IReadOnlyList<CalibrationQuestion> questions, double nullThreshold)
    {
        var happened = questions.Select(question => question.ScoreUnder(nullThreshold).Exact == 1).ToArray();
        (double Log, double Loss) Inner(double logTemperature)
        {
            var spans = Spans(questions, nullThreshold, Math.Exp(logTemperature));
            return Minimum(log => Loss(questions, spans, happened, nullThreshold, Math.Exp(log)));
        }
        var (outer, loss) = Minimum(log => Inner(log).Loss);
        var inner = Inner(outer).Log;
        if (Math.Abs(outer) > LargestLog - 1e-3 || Math.Abs(inner) > LargestLog - 1e-3)
            throw new DataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"no temperatures between {Math.Exp(-LargestLog):F3} and {Math.Exp(LargestLog):F0} fit the {questions.Count} answers ({happened.Count(it => it)} of them right): probabilities would become only 0 and 1, or all the same. "
                ) + "Calibrate on more questions, some answered rightly and some wrongly."
            );
        return new(nullThreshold, Math.Exp(outer), Math.Exp(inner), loss);
    }

    // What the returned text has among the spans: does not depend on the other temperature.
    private static double[] Spans(IReadOnlyList<CalibrationQuestion> questions, double nullThreshold, double temperature) =>
        [
            .. questions
                .AsParallel()
                .AsOrdered()
                .Select(question => question.Distribution.ShareOfReturned(temperature, question.Distribution.Declines(nullThreshold))),
        ];

    private static double Loss(
        IReadOnlyList<CalibrationQuestion> questions,
        double[] spans,
        bool[] happened,
        double nullThreshold,
        double nullTemperature
    )
    {
        var sum = 0d;
        for (var i = 0; i < spans.Length; i++)
        {
            var probability = questions[i].Distribution.WithShare(spans[i], nullThreshold, nullTemperature);
            sum -= Math.Log(Math.Max(happened[i] ? probability : 1 - probability, LeastProbability));
        }
        return sum / spans.Length;
    }

    private static (double At, double Loss) Minimum(Func<double, double> loss)
    {
        var step = 2 * LargestLog / GridSteps;
        var best = Enumerable.Range(0, GridSteps + 1).MinBy(i => loss(-LargestLog + (i * step)));
        var (low, high) = (-LargestLog + (Math.Max(best - 1, 0) * step), -LargestLog + (Math.Min(best + 1, GridSteps) * step));
        var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
        var (atLeft, atRight) = (loss(left), loss(right));
        while (high - low > Precision)
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = loss(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = loss(right);
            }
        return atLeft <= atRight ? (left, atLeft) : (right, atRight);
    }
}
