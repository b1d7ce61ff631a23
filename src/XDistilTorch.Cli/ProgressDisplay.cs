using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace XDistilTorch.Cli;

/// <summary>How far long work is, on the error stream: a live bar on a terminal, elsewhere a line now and then.</summary>
internal sealed class ProgressDisplay
{
    private static readonly TimeSpan FirstLine = TimeSpan.FromSeconds(10),
        BetweenLines = TimeSpan.FromSeconds(60);

    private readonly Terminal terminal;
    private readonly ProgressTask? bar;
    private readonly Func<long?> total;
    private long started = Stopwatch.GetTimestamp();
    private TimeSpan nextLine = FirstLine;
    private long firstDone;

    private ProgressDisplay(Terminal terminal, long firstDone, Func<long?> total, ProgressTask? bar) =>
        (this.terminal, this.firstDone, this.total, this.bar) = (terminal, firstDone, total, bar);

    /// <summary>Does work and shows its progress.</summary>
    /// <param name="terminal">Whose error stream.</param>
    /// <param name="firstDone">How many rows are done already.</param>
    /// <param name="total">How many rows there are; null while that is not known.</param>
    /// <param name="work">The work; told to be thrifty with <see cref="Report(long, long)"/>.</param>
    public static void During(Terminal terminal, long firstDone, Func<long?> total, Action<ProgressDisplay> work)
    {
        if (!terminal.ErrorIsScreen)
        {
            work(new ProgressDisplay(terminal, firstDone, total, null));
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        console
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new ProgressDisplay(terminal, firstDone, total, context.AddTask("reading", maxValue: double.MaxValue))));
    }

    /// <summary>Shows where the work is.</summary>
    /// <param name="done">Rows done, those of earlier runs included.</param>
    /// <param name="windows">Windows computed now.</param>
    public void Report(long done, long windows) => Report(done, elapsed => Text(done, windows, elapsed));

    /// <summary>Shows where the work is, in words of its own.</summary>
    /// <param name="done">How much is done, of the total.</param>
    /// <param name="describe">The words, after so long.</param>
    public void Report(long done, Func<TimeSpan, string> describe)
    {
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (bar is null && elapsed < nextLine)
            return;
        var text = describe(elapsed);
        if (bar is not null)
        {
            bar.Description = text;
            bar.MaxValue = total() ?? double.MaxValue;
            bar.Value = done;
            return;
        }
        nextLine = elapsed + BetweenLines;
        terminal.Tell(text + Left(done, elapsed));
    }

    /// <summary>The time left is reckoned from here: what was before was something else.</summary>
    /// <param name="done">How much is done.</param>
    public void BeginsWith(long done) => (firstDone, started, nextLine) = (done, Stopwatch.GetTimestamp(), FirstLine);

    private string Text(long done, long windows, TimeSpan elapsed)
    {
        var of = total() is { } all ? string.Create(CultureInfo.InvariantCulture, $" of {all:N0}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{done:N0}{of} rows, {windows / elapsed.TotalSeconds:N1} windows/s");
    }

    private string Left(long done, TimeSpan elapsed)
    {
        if (total() is not { } all || done <= firstDone)
            return "";
        var left = elapsed * ((all - done) / (double)(done - firstDone));
        return string.Create(CultureInfo.InvariantCulture, $", {(int)left.TotalHours}:{left:mm\\:ss} left");
    }
}
