using XDistilTorch.Data;

namespace XDistilTorch.Cli;

/// <summary>A report on a question file for people: each fault on a line, then what the file is good for.</summary>
internal static class DataReportPrinter
{
    public static void Print(DataReport report, TextWriter output)
    {
        foreach (var fault in report.Faults)
            output.WriteLine(PlainText.OnOneLine($"{Severity(fault)}: {fault} [{fault.Code.Name()}]"));
        if (report.Count > report.Faults.Count)
            output.WriteLine($"... and {Counted.Of(report.Count - report.Faults.Count, "more problem")}");
        output.WriteLine(
            PlainText.OnOneLine($"{report.Name}: {Counted.Of(report.Readable, "question")}, {Counted.Of(report.Count, "problem")}")
        );
        output.WriteLine($"  predicting and evaluating: {Verdict(report, DataUse.Evaluate)}");
        output.WriteLine($"  training: {Verdict(report, DataUse.Train)}");
    }

    private static string Severity(DataFault fault) =>
        (fault.Evaluating, fault.Training) switch
        {
            (DataSeverity.Warning, DataSeverity.Warning) => "warning",
            (DataSeverity.Warning, DataSeverity.Error) => "error when training",
            _ => "error",
        };

    private static string Verdict(DataReport report, DataUse use) =>
        DataReportJson.Verdict(report, use) switch
        {
            "accept" => "yes",
            "warn" => "yes, with warnings",
            _ => "no, refused",
        };
}
