namespace XDistilTorch.Evaluation;

/// <summary>Answers as bags of words.</summary>
internal static class TokenF1
{
    /// <summary>The F1 of two normalised answers that share a word, else 0; so also 0 when both are empty.</summary>
    public static double Of(string prediction, string gold)
    {
        var predicted = AnswerNormalization.Words(prediction);
        var expected = AnswerNormalization.Words(gold);
        var same = CountCommon(predicted, expected);
        if (same == 0)
            return 0;

        // Exactly the script's arithmetic: comparisons of sums depend on the last bit.
        var precision = (double)same / predicted.Length;
        var recall = (double)same / expected.Length;
        return 2 * precision * recall / (precision + recall);
    }

    private static int CountCommon(string[] first, string[] second)
    {
        Array.Sort(first, StringComparer.Ordinal);
        Array.Sort(second, StringComparer.Ordinal);
        var common = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length; )
        {
            var order = string.CompareOrdinal(first[i], second[j]);
            common += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return common;
    }
}
