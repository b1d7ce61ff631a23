using Spectre.Console;

namespace XDistilTorch.Cli.Doctor;

/// <summary>A checkup for people: a line for each check, and under it what to do.</summary>
internal static class CheckupPrinter
{
    public static void Print(IAnsiConsole console, CheckupRecord checkup)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var check in checkup.Checks)
        {
            grid.AddRow(State(check.State), $"[bold]{check.Name.EscapeMarkup()}[/]", Shown(check.Found));
            if (check.Remedy is { } remedy)
                grid.AddRow("", "", $"-> {Shown(remedy)}");
        }
        console.Write(grid);
        console.WriteLine(Summary(checkup));
    }

    // Messages quote files and variables, whose control characters are kept from the terminal.
    private static string Shown(string text) => PlainText.WithoutControls(text).EscapeMarkup();

    private static string State(CheckState state) =>
        state switch
        {
            CheckState.Ok => "[green]ok[/]",
            CheckState.Warning => "[yellow]warning[/]",
            CheckState.Failed => "[red]failed[/]",
            _ => "[grey]skipped[/]",
        };

    private static string Summary(CheckupRecord checkup)
    {
        int failed = Count(checkup, CheckState.Failed),
            warnings = Count(checkup, CheckState.Warning);
        return failed == 0 && warnings == 0 ? "Everything is as it should be." : $"{failed} failed, {Counted.Of(warnings, "warning")}.";
    }

    private static int Count(CheckupRecord checkup, CheckState state) => checkup.Checks.Count(check => check.State == state);
}
