using System.Globalization;
using Spectre.Console;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>Prints what a run would do.</summary>
internal static class PlanPrinter
{
    public static void Print(Terminal terminal, PredictionPlan plan, AnswerSettings settings)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn(new GridColumn().RightAligned());
        void Row(string name, long value) => grid.AddRow($"[bold]{name}[/]", value.ToString("N0", CultureInfo.InvariantCulture));
        Row("rows in the data", plan.RowsTotal);
        if (plan.Rows != plan.RowsTotal)
            Row("rows of this shard", plan.Rows);
        Row("rows without an answer", plan.Errors);
        Row("rows that repeat another", plan.Repetitions);
        Row("windows", plan.Windows);
        Row("tokens", plan.Tokens);
        Row("longest window, tokens", settings.MaxLength);
        Row("shared by windows, tokens", settings.Stride);
        Row("longest answer, tokens", settings.MaxAnswerLength);
        grid.AddRow("[bold]decoder[/]", settings.Decoder.ToString().ToLowerInvariant());
        terminal.Pretty.Write(grid);
    }
}
