using System.Globalization;
using Spectre.Console;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Cli;

/// <summary>An evaluation for people: the figures, what is behind them, and a few of the worst errors.</summary>
internal sealed class EvaluationPrinter(IAnsiConsole console)
{
    private const int ErrorsShown = 5;

    public void Print(EvaluationReport report, string data)
    {
        var version = report.Squad2 is null ? "1.1" : "2.0";
        Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"[bold]{Shown(report.Name)}[/] on {Shown(data)}: {report.Questions.Count} questions, SQuAD {version}"
            )
        );
        console.Write(Headline(report));
        if (report.Squad2 is { BestExact: not null } figures)
            PrintThresholds(figures);
        if (report.NoAnswerThreshold is { } threshold)
            Line($"no answer where its score is above {Number(threshold, "0.####")}");
        if (report.Calibration is { } calibration)
            PrintCalibration(calibration);
        if (report.Comparison is { } comparison)
            PrintComparison(comparison, report.ComparedWith!);
        foreach (var breakdown in report.Breakdowns)
            console.Write(GroupTable(breakdown));
        PrintWorst(report.Worst);
    }

    private static Table Headline(EvaluationReport report)
    {
        var table = FigureTable("", "all", "95 % interval", "with an answer", "without");
        var figures = report.Squad2;
        table.AddRow(
            "exact match",
            Number(report.Exact.Mean),
            Range(report.Exact),
            Number(figures?.HasAnsExact),
            Number(figures?.NoAnsExact)
        );
        table.AddRow("F1", Number(report.F1.Mean), Range(report.F1), Number(figures?.HasAnsF1), Number(figures?.NoAnsF1));
        table.AddRow("questions", Count(report.Questions.Count), "", Count(figures?.HasAnsTotal), Count(figures?.NoAnsTotal));
        return table;
    }

    private void PrintThresholds(Squad2Figures figures)
    {
        Line(
            $"best exact match {Number(figures.BestExact)} at threshold {Number(figures.BestExactThreshold, "0.####")}, best F1 {Number(figures.BestF1)} at {Number(figures.BestF1Threshold, "0.####")}"
        );
        if (figures.PrExactAp is not null)
            Line($"average precision: exact {Number(figures.PrExactAp)}, F1 {Number(figures.PrF1Ap)}, oracle {Number(figures.PrOracleAp)}");
    }

    private void PrintCalibration(AnswerCalibration calibration)
    {
        var reliability = calibration.Reliability;
        Line(
            $"calibration error (ECE) {Number(reliability.ExpectedError, "0.0000")}, largest gap {Number(reliability.MaximumError, "0.0000")}, Brier score {Number(reliability.BrierScore, "0.0000")}"
        );
        foreach (var (wanted, coverage) in calibration.Coverage)
            Line(
                coverage.Probability is { } least
                    ? $"{Number(wanted, "0 %")} right: the surest {Number(coverage.Share, "0.0 %")} of the answers, those of probability {Number(least, "0.000")} and more"
                    : $"{Number(wanted, "0 %")} right: no part of the answers reaches that"
            );
    }

    private void PrintComparison(PairedComparison comparison, string other)
    {
        Line("");
        Line($"[bold]{Shown(other)}[/] minus these, {Count(comparison.Total)} questions");
        var table = FigureTable("", "difference", "95 % interval", "p");
        table.AddRow("exact match", Number(comparison.Exact.Mean), Range(comparison.Exact), Number(comparison.ExactPValue, "0.0000"));
        table.AddRow("F1", Number(comparison.F1.Mean), Range(comparison.F1), Number(comparison.F1PValue, "0.0000"));
        console.Write(table);
        var test = comparison.McNemar;
        Line(
            $"right only here {Count(test.OnlyFirst)}, only there {Count(test.OnlySecond)}; McNemar's exact test: p = {Number(test.PValue, "0.0000")}"
        );
    }

    private static Table GroupTable(Breakdown breakdown)
    {
        var table = FigureTable(breakdown.Name.Replace('_', ' '), "questions", "exact match", "F1");
        foreach (var (name, figures) in breakdown.Groups)
            table.AddRow(name, Count(figures.Total), Number(figures.Exact), Number(figures.F1));
        return table;
    }

    private void PrintWorst(IReadOnlyList<WorstError> worst)
    {
        if (worst.Count == 0)
            return;
        Line("[bold]worst errors[/]");
        foreach (var (outcome, _) in worst.Take(ErrorsShown))
        {
            Line($"  {Shown(outcome.Row.Question)} [dim]({Shown(outcome.Row.Id)})[/]");
            var probability = outcome.Confidence is { } confidence
                ? $" [dim](probability {Number(confidence.Probability, "0.000")})[/]"
                : "";
            Line($"    answered: {(outcome.Prediction is { Length: > 0 } text ? Shown(text) : "no answer")}{probability}");
            var gold = string.Join(" | ", outcome.GoldTexts.Distinct(StringComparer.Ordinal).Select(Shown));
            Line($"    expected: {(gold.Length == 0 ? "no answer" : gold)}");
        }
    }

    private static Table FigureTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        for (var i = 1; i < columns.Length; i++)
            table.Columns[i].RightAligned();
        foreach (var column in table.Columns)
            column.NoWrap();
        return table;
    }

    private void Line(string markup) => console.MarkupLine(markup);

    private static string Range(BootstrapInterval interval) => $"{Number(interval.Lower)} to {Number(interval.Upper)}";

    private static string Number(double? value, string format = "0.00") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Count(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Shown(string text) => PlainText.OnOneLine(text).EscapeMarkup();
}
