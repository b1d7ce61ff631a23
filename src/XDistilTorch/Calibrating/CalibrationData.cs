using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Calibrating;

/// <summary>Questions with known answers: those that a calibration is fitted on, and perhaps others on which it is tested.</summary>
public sealed record CalibrationData
{
    /// <summary>Questions that are all to be fitted on.</summary>
    /// <param name="name">Their file.</param>
    /// <param name="sha256">Its SHA-256.</param>
    /// <param name="questions">The questions with their answers, those of the file that may be used.</param>
    /// <exception cref="DataException">A question does not say what its answers are.</exception>
    public CalibrationData(string name, string sha256, IReadOnlyList<QuestionRow> questions) =>
        (Name, Sha256, Fitted) = (name, sha256, Checked(name, questions));

    /// <summary>The file of the questions to fit on.</summary>
    public string Name { get; }

    /// <summary>Its SHA-256, that of the whole file whatever part of it is fitted on.</summary>
    public string Sha256 { get; }

    /// <summary>The questions to fit on.</summary>
    public IReadOnlyList<QuestionRow> Fitted { get; private init; }

    /// <summary>The questions to test on; null for none.</summary>
    public IReadOnlyList<QuestionRow>? Tested { get; private init; }

    /// <summary>Reads a file of JSON, compressed with gzip or not; all of it is to be fitted on.</summary>
    /// <exception cref="DataException">It cannot be read, has faults, or a question does not say what its answers are.</exception>
    public static CalibrationData Load(string path, DataReaderOptions? options = null) =>
        new(path, FileHash.OfFile(path), DataCheck.Load(path, DataUse.Evaluate, out _, options));

    /// <summary>Tests on the questions of other data.</summary>
    /// <param name="test">The other data, all of it.</param>
    /// <exception cref="DataException">It is the same file.</exception>
    public CalibrationData WithTest(CalibrationData test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (test.Sha256 == Sha256)
            throw new DataException(
                $"{test.Name}: is the same as {Name}. Test on other questions than those fitted on, or on a share of these (--test-share 0.5)."
            );
        return this with { Tested = test.Fitted };
    }

    /// <summary>Sets a share of the questions apart to test on: whole articles where every question has a title, else whole contexts.</summary>
    /// <param name="share">The share of the questions, between 0 and 1, both excluded.</param>
    /// <param name="seed">Another seed, another split.</param>
    /// <exception cref="DataException">There is but one article or context.</exception>
    public CalibrationData WithTestShare(double share, long seed)
    {
        var by = Fitted.All(row => row.Title is not null) ? SplitBy.Title : SplitBy.Context;
        var split = DataSplit.Random(Fitted, by, share, seed);
        return this with { Fitted = [.. Fitted.Where(row => !split.IsDev(row))], Tested = [.. Fitted.Where(split.IsDev)] };
    }

    private static IReadOnlyList<QuestionRow> Checked(string name, IReadOnlyList<QuestionRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var without = rows.Where(row => row.Answers is null).ToArray();
        if (without.Length > 0)
            throw new DataException(
                $"{name}: {without.Length} of {rows.Count} questions have no \"answers\", the first is \"{without[0].Id}\" ({without[0].Place}). "
                    + "Calibrating compares with the right answers; \"answers\": [] says that the text has none."
            );
        return rows;
    }
}
