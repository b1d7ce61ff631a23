using System.Text;

namespace XDistilTorch.Data;

/// <summary>Names and severities of the fault codes.</summary>
public static class DataFaultCodes
{
    /// <summary>The name in reports: <c>answer-not-there</c>, <c>utf-16</c>.</summary>
    public static string Name(this DataFaultCode code) =>
        code switch
        {
            DataFaultCode.Utf16 => "utf-16",
            DataFaultCode.NotUtf8 => "not-utf-8",
            DataFaultCode.AnswerStartCountsUtf16 => "answer-start-counts-utf16",
            _ => Hyphenated(code.ToString()),
        };

    /// <summary>How bad it is when predicting or evaluating.</summary>
    internal static DataSeverity WhenEvaluating(this DataFaultCode code) =>
        code
            is DataFaultCode.NoQuestion
                or DataFaultCode.GzipWithoutGzName
                or DataFaultCode.GzNameWithoutGzip
                or DataFaultCode.ZstdWithoutZstName
                or DataFaultCode.ZstNameWithoutZstd
                or DataFaultCode.LateTitle
                or DataFaultCode.RepeatedRow
                or DataFaultCode.EmptyQuestion
                or DataFaultCode.EmptyAnswer
                or DataFaultCode.AnswerNotThere
                or DataFaultCode.AnswerStartNegative
                or DataFaultCode.AnswerStartPastEnd
                or DataFaultCode.AnswerStartCountsUtf16
                or DataFaultCode.IsImpossibleContradictsAnswers
            ? DataSeverity.Warning
            : DataSeverity.Error;

    /// <summary>How bad it is when training, unless it is known where the answer really stands.</summary>
    internal static DataSeverity WhenTraining(this DataFaultCode code) =>
        code
            is DataFaultCode.NoQuestion
                or DataFaultCode.EmptyAnswer
                or DataFaultCode.AnswerNotThere
                or DataFaultCode.AnswerStartNegative
                or DataFaultCode.AnswerStartPastEnd
            ? DataSeverity.Error
            : code.WhenEvaluating();

    private static string Hyphenated(string name)
    {
        var result = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && result.Length > 0)
                result.Append('-');
            result.Append(char.ToLowerInvariant(letter));
        }
        return result.ToString();
    }
}
