using System.Diagnostics;
using System.Globalization;
using System.Text;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Predicting;

/// <summary>Where predictions go: records to standard output, or the files of a run.</summary>
internal sealed class PredictionOutput(Terminal terminal)
{
    /// <summary>Records to standard output, each chunk as soon as it is there.</summary>
    public int Print(IEnumerable<PredictedChunk> chunks, CancellationToken stop)
    {
        using var line = new PredictionLine(PredictionFormat.Jsonl);
        var (rows, errors) = (0L, 0L);
        foreach (var chunk in chunks)
        {
            foreach (var row in chunk.Rows)
            {
                terminal.Output.Write(Encoding.UTF8.GetString(line.Of(row)));
                rows++;
                errors += row.Error is null ? 0 : 1;
            }
            terminal.Output.Flush();
        }
        stop.ThrowIfCancellationRequested();
        if (errors > 0)
            terminal.Tell($"{rows} rows, {errors} of them with an error record.");
        return ExitCode.Success;
    }

    /// <summary>Chunks to the files of a run, with progress and a summary.</summary>
    /// <param name="run">The run; nothing is done where it is finished.</param>
    /// <param name="chunks">What is still to be computed.</param>
    /// <param name="rowsTotal">How many rows the data has; asked for when all are read.</param>
    /// <param name="rowsKnown">The same as far as it is known before.</param>
    /// <param name="stop">Whether to stop where it is.</param>
    public int Write(
        PredictionRun run,
        IEnumerable<PredictedChunk> chunks,
        Func<long> rowsTotal,
        Func<long?> rowsKnown,
        CancellationToken stop
    )
    {
        if (run.IsFinished)
        {
            terminal.Tell($"{run.Output}: is finished and whole, {run.Record.RowsWritten} rows.");
            return ExitCode.Success;
        }
        ProcessEnd.BePatient(); // the chunk in flight is finished; what is written can go on
        var (rows, windows, started) = (0L, 0L, Stopwatch.GetTimestamp());
        ProgressDisplay.During(
            terminal,
            run.Record.RowsDone,
            rowsKnown,
            progress =>
            {
                foreach (var chunk in chunks)
                {
                    run.Write(chunk);
                    rows += chunk.Rows.Count;
                    windows += chunk.Rows.Sum(row => (long)row.Windows);
                    progress.Report(chunk.RowsThrough, windows);
                }
            }
        );
        if (stop.IsCancellationRequested)
        {
            terminal.Tell($"stopped after {run.Record.RowsWritten} rows; go on with --resume.");
            stop.ThrowIfCancellationRequested();
        }
        run.Finish(rowsTotal());
        terminal.Tell(Summary(run, rows, windows, Stopwatch.GetElapsedTime(started)));
        return ExitCode.Success;
    }

    private static string Summary(PredictionRun run, long rows, long windows, TimeSpan elapsed)
    {
        var record = run.Record;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{run.Output}: {record.RowsWritten} rows");
        if (rows < record.RowsWritten)
            text.Append(CultureInfo.InvariantCulture, $", {rows} of them now");
        if (record.Errors > 0)
            text.Append(CultureInfo.InvariantCulture, $", {record.Errors} without an answer (error records)");
        if (record.Repetitions > 0)
            text.Append(CultureInfo.InvariantCulture, $", {record.Repetitions} that repeat an earlier one");
        text.Append(
            CultureInfo.InvariantCulture,
            $"; {windows} windows in {elapsed.TotalSeconds:0.0} s, {windows / elapsed.TotalSeconds:0.0} a second"
        );
        return text.ToString();
    }
}
