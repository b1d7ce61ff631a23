using System.Text.Json;
using XDistilTorch.Calibrating;
using XDistilTorch.Data;
using XDistilTorch.Decoding;
using XDistilTorch.Evaluation;

namespace XDistilTorch.Tests.Calibrating;

/// <summary>From a data file to a calibration that the answerer uses.</summary>
public sealed class CalibratorTests(ModelFolder folder) : IClassFixture<ModelFolder>, IDisposable
{
    private static readonly CalibratorOptions Options = new()
    {
        OneTemperature = true, // the small model has random weights, and its null odds say nothing
        MaxLength = 40,
        Stride = 8,
        MaxAnswerLength = 4,
        ReportWindows = [1, 3],
        ReportQuestions = 12,
    };

    private readonly QuestionAnswerer answerer = QuestionAnswerer.FromPretrained(folder.Path);
    private readonly string scratch = Directory.CreateTempSubdirectory("xdistil-calibrate-").FullName;

    public void Dispose()
    {
        answerer.Dispose();
        Directory.Delete(scratch, recursive: true);
    }

    /// <summary>Questions of which the model answers some as the data want it: its own answers are the gold ones of every second question.</summary>
    private string Data(string name = "data.jsonl", int first = 0, bool withTitles = true)
    {
        var path = Path.Combine(scratch, name);
        File.WriteAllLines(path, Enumerable.Range(first, 60).Select(i => Line(i, withTitles)));
        return path;
    }

    private string Line(int number, bool withTitle)
    {
        var question = ModelFolder.Question(number);
        var answer = answerer.Answer(
            question.Question,
            question.Context,
            new AnswerOptions
            {
                MaxLength = 40,
                Stride = 8,
                MaxAnswerLength = 4,
                AlwaysAnswer = true,
            }
        );
        string[] golds = (number % 4) switch
        {
            0 => [],
            1 => ["zebra"],
            _ => [answer.Text],
        };
        return JsonSerializer.Serialize(
            new
            {
                id = $"{number}",
                title = withTitle ? $"article {number % 6}" : null,
                question = question.Question,
                context = question.Context,
                answers = new
                {
                    text = golds,
                    answer_start = golds.Select(gold => Math.Max(question.Context.IndexOf(gold, StringComparison.Ordinal), 0)),
                },
            }
        );
    }

    [Fact]
    public void The_report_is_what_the_answerer_gives_with_the_calibration_written()
    {
        var path = Data();

        var report = new Calibrator(answerer, Options).Run(CalibrationData.Load(path).WithTestShare(0.5, seed: 1));

        var calibrated = Path.Combine(scratch, "model");
        Directory.CreateDirectory(calibrated);
        foreach (var file in Directory.GetFiles(folder.Path))
            File.Copy(file, Path.Combine(calibrated, Path.GetFileName(file)));
        CalibrationFile.Write(Path.Combine(calibrated, Calibration.FileName), report.Calibration);
        using var fitted = QuestionAnswerer.FromPretrained(calibrated);
        var data = CalibrationData.Load(path).WithTestShare(0.5, seed: 1);
        ShouldBe(report.Fitted, data.Fitted, fitted);
        ShouldBe(report.Tested!, data.Tested!, fitted);
    }

    private static void ShouldBe(CalibrationPart part, IReadOnlyList<QuestionRow> rows, QuestionAnswerer answerer)
    {
        var answers = answerer.Answer([.. rows.Select(row => new QuestionInput(row.Question, row.Context))]);
        answers.Should().OnlyContain(answer => answer.Decoder == CalibratedDecoder.Name);
        var scores = rows.Zip(answers, (row, answer) => Squad2Metrics.Score(answer.Text, [.. row.Answers!.Select(gold => gold.Text)]))
            .ToArray();
        part.Questions.Should().Be(rows.Count);
        part.After.Exact.Should().BeApproximately(100 * scores.Average(score => score.Exact), 1e-9);
        part.After.F1.Should().BeApproximately(100 * scores.Average(score => score.F1), 1e-9);
        part.After.MeanProbability.Should().BeApproximately(answers.Average(answer => answer.Probability), 1e-4); // other batches
    }

    [Fact]
    public void The_file_says_the_figures_of_the_questions_set_apart_and_where_there_are_none_of_those_fitted_on()
    {
        var data = CalibrationData.Load(Data());

        var apart = new Calibrator(answerer, Options).Run(data.WithTestShare(0.5, seed: 1));
        var all = new Calibrator(answerer, Options).Run(data);

        var (calibration, tested) = (apart.Calibration, apart.Tested!);
        calibration.Questions.Should().Be(apart.Fitted.Questions);
        (calibration.EceBefore, calibration.EceAfter, calibration.F1Before, calibration.F1After)
            .Should()
            .Be((tested.Before.Ece, tested.After.Ece, tested.Before.F1, tested.After.F1));
        (calibration.MaxLength, calibration.Stride, calibration.MaxAnswerLength).Should().Be((40, 8, 4));
        (all.Tested, all.Calibration.Questions, all.Calibration.EceAfter).Should().Be((null, 60, all.Fitted.After.Ece));
        all.Fitted.OwnTemperature.Should().Be(all.Calibration.Temperature);
    }

    [Fact]
    public void Longer_texts_have_about_as_many_windows_as_wanted_and_one_window_is_the_texts_as_they_are()
    {
        var report = new Calibrator(answerer, Options).Run(CalibrationData.Load(Data()));

        report.Joined.Select(part => part.Windows).Should().Equal(1, 3);
        report.Joined.Should().OnlyContain(part => part.Figures.Questions == 12);
        report.Joined[1].Figures.MeanWindows.Should().BeGreaterThanOrEqualTo(3);
        report.Joined[0].Figures.MeanWindows.Should().BeLessThan(report.Joined[1].Figures.MeanWindows);
    }

    [Fact]
    public void The_same_run_gives_the_same_report_and_progress_counts_every_question()
    {
        var data = CalibrationData.Load(Data()).WithTestShare(0.5, seed: 1);
        var seen = new Seen();

        var first = new Calibrator(answerer, Options) { Progress = seen }.Run(data);
        var second = new Calibrator(answerer, Options).Run(data);

        second.Should().BeEquivalentTo(first);
        seen.Last.Questions.Should().Be(seen.Last.Total).And.Be(60 + 12);
    }

    private sealed class Seen : IProgress<CalibrationProgress>
    {
        public CalibrationProgress Last { get; private set; }

        public void Report(CalibrationProgress value) => Last = value;
    }

    [Fact]
    public void Halves_share_no_article_and_without_titles_no_text()
    {
        foreach (var withTitles in new[] { true, false })
        {
            var data = CalibrationData.Load(Data(withTitles: withTitles)).WithTestShare(0.5, seed: 2);

            (data.Fitted.Count + data.Tested!.Count).Should().Be(60);
            string Group(QuestionRow row) => withTitles ? row.Title! : row.Context;
            data.Fitted.Select(Group).Should().NotIntersectWith(data.Tested.Select(Group));
        }
    }

    [Fact]
    public void The_same_file_is_no_test()
    {
        var test = () => CalibrationData.Load(Data()).WithTest(CalibrationData.Load(Data("copy.jsonl")));

        test.Should().Throw<DataException>().WithMessage("*copy.jsonl: is the same as *data.jsonl*--test-share*");
        CalibrationData.Load(Data()).WithTest(CalibrationData.Load(Data("other.jsonl", first: 60))).Tested.Should().HaveCount(60);
    }

    [Fact]
    public void Stopping_ends_it()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        var run = () => new Calibrator(answerer, Options).Run(CalibrationData.Load(Data()), stop.Token);

        run.Should().Throw<OperationCanceledException>();
    }
}
