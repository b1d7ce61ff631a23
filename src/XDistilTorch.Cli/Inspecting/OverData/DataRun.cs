using System.Diagnostics;
using System.Globalization;
using System.Text;
using XDistilTorch.Cli.Inspecting.Measures;
using XDistilTorch.Cli.Predicting;
using XDistilTorch.Data;
using XDistilTorch.Formats;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;
using XDistilTorch.Prediction;
using XDistilTorch.Reports;

namespace XDistilTorch.Cli.Inspecting.OverData;

/// <summary>Measures the questions of a file one after the other; each is written before the next.</summary>
internal sealed class DataRun(Terminal terminal, DataRequest request)
{
    /// <summary>Whether files are where they should be, before long work.</summary>
    /// <exception cref="XDistilException">They are not.</exception>
    public void Check()
    {
        if (request.Data != DataRequest.Standard)
            FileCheck.Readable(request.Data);
        if (request.Output != DataRequest.Standard)
            FileCheck.Writable(request.Output, request.Overwrite);
        if (request.Report is { } path)
            ReportFile.Create(path, request.Overwrite).Dispose();
    }

    /// <param name="answerer">The model.</param>
    /// <param name="measure">What is measured.</param>
    /// <param name="window">Which window of a question is looked at; null: the measure's choice.</param>
    /// <param name="stop">Ends it; the rows before are kept.</param>
    public int Of<TResult>(
        QuestionAnswerer answerer,
        IMeasure<TResult> measure,
        Func<InspectedQuestion, int?> window,
        CancellationToken stop
    )
    {
        using var page = request.Report is { } path ? ReportFile.Create(path, request.Overwrite) : null;
        var summary = new MeasureSummary(measure.Description);
        var started = Stopwatch.GetTimestamp();
        ProcessEnd.BePatient(); // what is measured is kept
        var rows = Options(stop);
        using var file = request.Output == DataRequest.Standard ? null : new PartialFile(request.Output, request.Overwrite);
        var inspector = new DataInspector(answerer, request.Answers, rows.Options)
        {
            Note = fault => terminal.Tell($"{request.DataName}: {fault}"),
        };
        var measured = inspector
            .Run(Items(), (question, stop) => (Question: question, Result: measure.Of(question, window(question), stop)), stop)
            .Select(row => Row(row, measure));

        try
        {
            using var sink = Sink(measure.Description.Name, file);
            Write(measured, sink, summary, rows.Count);
        }
        catch when (file is not null)
        {
            Leave(file, Rows(summary));
            throw;
        }
        if (stop.IsCancellationRequested)
        {
            Leave(file, Rows(summary));
            stop.ThrowIfCancellationRequested();
        }
        file?.Commit();
        page?.Commit(MeasurePage.Render(summary, Path.GetFileName(request.DataName)));
        terminal.Tell(Summary(summary, Stopwatch.GetElapsedTime(started)));
        return ExitCode.Success;
    }

    private void Leave(PartialFile? file, long rows)
    {
        if (rows == 0)
            file?.Discard();
        else
            terminal.Tell($"stopped after {Counted.Of(rows, "row")}{(file is null ? "" : $", kept in {file.Name}")}.");
    }

    private void Write(IEnumerable<MeasuredRow> rows, IRowSink sink, MeasureSummary summary, Func<long?> known) =>
        ProgressDisplay.During(
            terminal,
            0,
            known,
            progress =>
            {
                foreach (var row in rows)
                {
                    sink.Write(row);
                    if (row.Row.Error is { } error)
                        summary.Add(error);
                    else
                        summary.Add(row.Row, row.Values);
                    var done = Rows(summary);
                    progress.Report(done, elapsed => Progress(done, known(), elapsed));
                }
            }
        );

    private static MeasuredRow Row<TResult>(InspectedRow<(InspectedQuestion Question, TResult Result)> row, IMeasure<TResult> measure) =>
        row.IsMeasured
            ? new MeasuredRow(row.Row, measure.JsonRow(row.Result.Question, row.Result.Result), [.. measure.Values(row.Result.Result)])
            : new MeasuredRow(row.Row, null, []);

    private IRowSink Sink(string measure, PartialFile? file)
    {
        if (file is null)
            return new JsonLinesSink(line =>
            {
                terminal.Output.Write(line);
                terminal.Output.Flush();
            });
        return request.IsTable
            ? new FigureTableSink(measure, file.Stream)
            : new JsonLinesSink(line =>
            {
                file.Stream.Write(Encoding.UTF8.GetBytes(line));
                file.Stream.Flush();
            });
    }

    // Rows chosen at random are known before the first is measured; others are counted beside the work.
    private (PredictorOptions Options, Func<long?> Count) Options(CancellationToken stop)
    {
        var options = new PredictorOptions { DataName = request.DataName, Limit = request.Limit };
        if (request.Seed is { } seed)
        {
            var chosen = RowSample.Of(
                QuestionFile.Read(request.Data, request.Reading with { FindRepeatedIds = false }, request.Format),
                request.Limit!.Value,
                seed,
                stop
            );
            return (options with { Rows = chosen, Limit = chosen.Count == 0 ? 0 : chosen.Max() }, () => chosen.Count);
        }
        var counting =
            request.Data == DataRequest.Standard ? null : RowCount.Start(request.Data, request.Reading, request.Format, request.Limit);
        return (options, () => counting?.Rows);
    }

    private IEnumerable<DataItem> Items() =>
        request.Data == DataRequest.Standard
            ? QuestionFile.Read(terminal.Input, request.DataName, request.Reading, request.Format)
            : QuestionFile.Read(request.Data, request.Reading, request.Format);

    private static long Rows(MeasureSummary summary) => summary.Questions + summary.Errors.Values.Sum();

    private static string Progress(long done, long? known, TimeSpan elapsed)
    {
        var of = known is { } all ? string.Create(CultureInfo.InvariantCulture, $" of {all:N0}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{done:N0}{of} rows, {elapsed.TotalSeconds / Math.Max(1, done):N2} s each");
    }

    private string Summary(MeasureSummary summary, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{(request.Output == DataRequest.Standard ? "" : $"{request.Output}: ")}{Counted.Of(Rows(summary), "row")}"
        );
        if (summary.WithoutAnswer > 0)
            text.Append(CultureInfo.InvariantCulture, $", {summary.WithoutAnswer:N0} that the model gives no answer");
        if (summary.Errors.Count > 0)
            text.Append(
                CultureInfo.InvariantCulture,
                $", {summary.Errors.Values.Sum():N0} with an error record ({string.Join(", ", summary.Errors.Select(error => $"{error.Key} {error.Value}"))})"
            );
        text.Append(CultureInfo.InvariantCulture, $"; {elapsed.TotalSeconds:0.0} s");
        return text.ToString();
    }
}
