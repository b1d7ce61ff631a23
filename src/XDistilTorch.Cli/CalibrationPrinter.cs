using System.Globalization;
using Spectre.Console;
using XDistilTorch.Calibrating;

namespace XDistilTorch.Cli;

/// <summary>Prints what was fitted and how good it is.</summary>
internal static class CalibrationPrinter
{
    private static readonly string[] Columns =
    [
        "questions",
        "windows each",
        "ECE before",
        "after",
        "exact before",
        "after",
        "F1 before",
        "after",
        "own temperature",
    ];

    public static void Print(Terminal terminal, CalibrationReport report)
    {
        var fit = report.Calibration;
        terminal.Pretty.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"temperature {fit.Temperature:F3}, {(fit.NullTemperature is { } own ? string.Create(CultureInfo.InvariantCulture, $"null temperature {own:F3}, ") : "")}null threshold {fit.NullThreshold:F3} ({fit.Questions} questions, windows of {fit.MaxLength} tokens sharing {fit.Stride}, answers up to {fit.MaxAnswerLength})"
            )
        );
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var column in Columns)
            table.AddColumn(new TableColumn(column).RightAligned());
        AddRow(table, "fitted on", report.Fitted);
        if (report.Tested is { } tested)
            AddRow(table, "set apart", tested);
        foreach (var joined in report.Joined)
            AddRow(table, joined.Windows == 1 ? "some of them" : $"over {joined.Windows} windows", joined.Figures);
        terminal.Pretty.Write(table);
    }

    private static void AddRow(Table table, string name, CalibrationPart part) =>
        table.AddRow(
            name,
            part.Questions.ToString("N0", CultureInfo.InvariantCulture),
            Number(part.MeanWindows, "F1"),
            Number(part.Before.Ece, "F3"),
            Number(part.After.Ece, "F3"),
            Number(part.Before.Exact, "F2"),
            Number(part.After.Exact, "F2"),
            Number(part.Before.F1, "F2"),
            Number(part.After.F1, "F2"),
            part.OwnTemperature is { } temperature ? Number(temperature, "F3") : "none fits"
        );

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
