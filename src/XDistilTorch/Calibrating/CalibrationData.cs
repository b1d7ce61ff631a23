using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Calibrating;

/// <summary>Questions with known answers: those that a calibration is fitted on, and perhaps others on which it is tested.</summary>
public sealed record CalibrationData
{
    private CalibrationData(string name, string sha256, IReadOnlyList<QuestionRow> fitted) =>
        (Name, Sha256, Fitted) = (name, sha256, fitted);

    /// <summary>The file of the questions to fit on.</summary>
    public string Name { get; }

    /// <summary>Its SHA-256, that of the whole file whatever part of it is fitted on.</summary>
    public string Sha256 { get; }

    /// <summary>The questions to fit on.</summary>
    public IReadOnlyList<QuestionRow> Fitted { get; private init; }

    /// <summary>The questions to test on; null for none.</summary>
    public IReadOnlyList<QuestionRow>? Tested { get; private init; }

    /// <summary>Reads a file; all of it is to be fitted on.</summary>
    /// <exception cref="DataException">It cannot be read, has faults, or a question does not say what its answers are.</exception>
    public static CalibrationData Load(string path, DataReaderOptions? options = null) =>
        new(path, FileHash.OfFile(path), Rows(path, options));

    /// <summary>Tests on the questions of another file.</summary>
    /// <exception cref="DataException">It is the same file, or not as <see cref="Load"/> needs it.</exception>
    public CalibrationData WithTest(string path, DataReaderOptions? options = null)
    {
        if (FileHash.OfFile(path) == Sha256)
            throw new DataException(
                $"{path}: is the same as {Name}. Test on other questions than those fitted on, or on a share of these (--test-share 0.5)."
            );
        return this with { Tested = Rows(path, options) };
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

    private static IReadOnlyList<QuestionRow> Rows(string path, DataReaderOptions? options)
    {
        var rows = DataCheck.Load(path, DataUse.Evaluate, out _, options);
        var without = rows.Where(row => row.Answers is null).ToArray();
        if (without.Length > 0)
            throw new DataException(
                $"{path}: {without.Length} of {rows.Count} questions have no \"answers\", the first is \"{without[0].Id}\" ({without[0].Place}). "
                    + "Calibrating compares with the right answers; \"answers\": [] says that the text has none."
            );
        return rows;
    }
}
