using System.Globalization;
using Spectre.Console;
using XDistilTorch.Evaluation;
using XDistilTorch.Training;

namespace XDistilTorch.Cli.Training;

/// <summary>Trainings for people: what one would be, what one came to, what several have in common.</summary>
internal static class TrainingPrinter
{
    public static void PrintPlan(Terminal terminal, TrainingPlanRecord plan)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().RightAligned());
        void Row(string name, FormattableString value) => grid.AddRow($"[bold]{name}[/]", value.ToString(CultureInfo.InvariantCulture));
        Row("questions", $"{plan.Questions:N0}");
        Row("windows", $"{plan.Windows:N0}");
        Row("windows with an answer", $"{plan.WindowsWithAnswer:N0}");
        Row("tokens of an epoch", $"{plan.TokensPerEpoch:N0}");
        Row("padding", $"{plan.Padding:0.0 %}");
        Row("steps of an epoch", $"{plan.StepsPerEpoch:N0}");
        Row("steps", $"{plan.Steps:N0}");
        Row("steps of warm-up", $"{plan.WarmupSteps:N0}");
        Row("parameters", $"{plan.Parameters:N0}");
        Row("parameters trained", $"{plan.TrainedParameters:N0}");
        Row("tokens a second", $"{plan.TokensPerSecond:N0}");
        Row("time to train", $"{Hours(plan.TrainingSeconds)}");
        Row("evaluations", $"{plan.Evaluations:N0}");
        Row("time to evaluate", $"{Hours(plan.EvaluatingSeconds)}");
        Row("memory", $"{plan.MemoryBytes / 1e9:0.0} GB");
        Row("checkpoints on the disk", $"{plan.Checkpoints:N0} of {plan.CheckpointBytes / 1e6:N0} MB");
        terminal.Pretty.Write(grid);
    }

    public static void Print(Terminal terminal, TrainingOutcome outcome)
    {
        var steps = outcome.Steps;
        var tenth = Math.Max(1, steps.Count / 10);
        Line(
            terminal,
            $"{outcome.Name}: {steps.Count:N0} steps over {outcome.Windows:N0} windows, loss of the first tenth {steps.Take(tenth).Average(step => step.Loss):0.000}, of the last {steps.TakeLast(tenth).Average(step => step.Loss):0.000}"
        );
        if (outcome.KeptStep != steps.Count)
            Line(terminal, $"the weights are those after step {outcome.KeptStep:N0}, the best evaluation");
        if (outcome is not { Comparison: { } comparison, Evaluations: [var before, ..] })
            return;
        var after = outcome.Evaluations.First(evaluation => evaluation.Step == outcome.KeptStep);
        var table = Table("", "before", "after", "difference", "95 % interval");
        table.AddRow("exact match", Number(before.Exact), Number(after.Exact), Signed(comparison.Exact.Mean), Range(comparison.Exact));
        table.AddRow("F1", Number(before.F1), Number(after.F1), Signed(comparison.F1.Mean), Range(comparison.F1));
        table.AddRow("loss", Number(before.Loss, "0.000"), Number(after.Loss, "0.000"), Signed(after.Loss - before.Loss, "0.000"), "");
        terminal.Pretty.Write(table);
        Line(
            terminal,
            $"on {outcome.DevFile}, {after.Questions:N0} questions, of which {outcome.Changed.Count:N0} are answered otherwise now"
        );
    }

    public static void Print(Terminal terminal, SeedSummary summary)
    {
        var table = Table("seed", "training loss", "loss", "exact match", "F1");
        foreach (var seed in summary.Seeds)
            table.AddRow(
                seed.Seed.ToString(CultureInfo.InvariantCulture),
                Number(seed.TrainLoss, "0.000"),
                Number(seed.EvalLoss, "0.000"),
                Number(seed.EvalExact),
                Number(seed.EvalF1)
            );
        AddSpread("mean", spread => spread?.Mean);
        AddSpread("deviation", spread => spread?.Deviation);
        terminal.Pretty.Write(table);

        void AddSpread(string name, Func<Spread?, double?> of) =>
            table.AddRow(
                name,
                Number(of(summary.TrainLoss), "0.000"),
                Number(of(summary.EvalLoss), "0.000"),
                Number(of(summary.EvalExact)),
                Number(of(summary.EvalF1))
            );
    }

    private static void Line(Terminal terminal, FormattableString text) =>
        terminal.Pretty.WriteLine(PlainText.WithoutControls(text.ToString(CultureInfo.InvariantCulture)));

    private static Table Table(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        for (var i = 1; i < columns.Length; i++)
            table.Columns[i].RightAligned();
        return table;
    }

    private static string Range(BootstrapInterval interval) => $"{Signed(interval.Lower)} to {Signed(interval.Upper)}";

    private static string Number(double? value, string format = "0.00") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static string Signed(double value, string format = "0.00") =>
        value.ToString($"+{format};-{format};{format}", CultureInfo.InvariantCulture);

    private static string Hours(double seconds) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Floor(seconds / 3600):0}:{(int)(seconds / 60 % 60):00}:{(int)(seconds % 60):00}"
        );
}
