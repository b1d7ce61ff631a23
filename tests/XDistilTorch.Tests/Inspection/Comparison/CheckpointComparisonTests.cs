using System.Text.Json;
using XDistilTorch.Data;
using XDistilTorch.Evaluation;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Comparison;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection.Comparison;

public sealed class CheckpointComparisonTests : IDisposable
{
    private readonly ModelFolder folder = new();
    private readonly QuestionAnswerer before,
        same,
        moved;

    public CheckpointComparisonTests()
    {
        before = QuestionAnswerer.FromPretrained(folder.Path);
        same = QuestionAnswerer.FromPretrained(folder.Path);
        moved = QuestionAnswerer.FromPretrained(folder.Path);
        using (no_grad())
        {
            moved.Model.get_parameter("bert.encoder.layer.1.attention.self.query.weight")!.mul_(3);
            moved.Model.get_parameter("qa_outputs.weight")!.neg_();
        }
    }

    public void Dispose()
    {
        before.Dispose();
        same.Dispose();
        moved.Dispose();
        folder.Dispose();
    }

    // Several windows: the model has 64 positions.
    private static List<QuestionRow> Rows() =>
        [
            .. TrainingRows.Of(6),
            new QuestionRow
            {
                Id = "long",
                Question = "who?",
                Context = ModelFolder.Text(90),
            },
        ];

    private static ComparisonSummary Summary(CheckpointPair pair, IEnumerable<QuestionComparison> questions)
    {
        var builder = new ComparisonSummaryBuilder(ParameterMovement.Of(pair.Before.Model, pair.After.Model));
        foreach (var question in questions)
            builder.Add(question);
        return builder.Build();
    }

    private static List<QuestionComparison> Compared(CheckpointPair pair)
    {
        var comparison = new CheckpointComparison(pair);
        return [.. Rows().Select(row => comparison.Compare(row))];
    }

    [Fact]
    public void A_checkpoint_is_like_itself_in_every_figure()
    {
        var pair = new CheckpointPair(before, same);

        var summary = Summary(pair, Compared(pair));

        summary.Similarity.Should().HaveCount(3).And.OnlyContain(layer => Math.Abs(layer.Mean - 1) < 1e-6 && layer.Low > 1 - 1e-6);
        summary.Divergence.SelectMany(heads => heads).Should().HaveCount(8).And.OnlyContain(head => head.Mean < 1e-9 && head.High < 1e-9);
        (summary.AnswerDivergence.Mean, summary.Changed, summary.RelativeMovement).Should().Be((0, 0, 0));
        summary.Scores!.ExactAfter.Should().Be(summary.Scores.ExactBefore);
        (summary.Scores.McNemar.OnlyFirst, summary.Scores.McNemar.OnlySecond).Should().Be((0, 0));
        summary.ChangedAnswers.Should().BeEmpty();
    }

    [Fact]
    public void Answers_are_those_that_each_model_gives_alone()
    {
        var questions = Compared(new CheckpointPair(before, moved));

        var options = new AnswerOptions { Decoder = DecoderKind.Squad };
        foreach (var question in questions)
        {
            var (row, expected) = (question.Row, before.Answer(question.Row.Question, question.Row.Context, options));
            question.Before.Answer.Text.Should().Be(expected.Text);
            question.Before.Answer.Score.Should().BeApproximately(expected.Score!.Value, 1e-4f, "windows are batched otherwise");
            question.After.Answer.Text.Should().Be(moved.Answer(row.Question, row.Context, options).Text);
        }
        questions[^1].Windows.Should().BeGreaterThan(1);
    }

    [Fact]
    public void The_summary_is_what_the_questions_say()
    {
        var pair = new CheckpointPair(before, moved);
        var questions = Compared(pair);

        var summary = Summary(pair, questions);

        (summary.Questions, summary.Windows).Should().Be((7, questions.Sum(question => question.Windows)));
        summary.Similarity[2].Mean.Should().BeApproximately(questions.Average(question => question.LastSimilarity), 1e-12);
        summary.Divergence[1][3].Mean.Should().BeApproximately(questions.Average(question => question.Divergence[1][3]), 1e-12);
        summary.Divergence[0].Should().OnlyContain(head => head.Mean < 1e-9, "the layer before is untouched");
        summary
            .Changed.Should()
            .Be(questions.Count(question => question.Before.Answer.Text != question.After.Answer.Text))
            .And.BePositive();
        summary.LeastSimilar[0].Should().BeSameAs(questions.MinBy(question => question.LastSimilarity));
        summary.AttentionMost[0].Should().BeSameAs(questions.MaxBy(question => question.MeanDivergence));
        summary.AnswersMost.Select(question => question.AnswerDivergence).Should().BeInDescendingOrder().And.HaveCount(5);
        var judged = questions.Where(question => question.Row.Answers is not null).ToList();
        summary.Scores!.Questions.Should().Be(6, "the last row does not say what is right");
        summary
            .Scores.F1After.Should()
            .BeApproximately(
                100 * judged.Average(q => Squad2Metrics.Score(q.After.Answer.Text, [.. q.Row.Answers!.Select(a => a.Text)]).F1),
                1e-9
            );
        summary.Parameters.Count(parameter => parameter.Distance > 0).Should().Be(2);
        summary.Parameters[0].Relative.Should().BeApproximately(2, 1e-6, "three times, and turned round, are both two lengths away");
    }

    [Fact]
    public void A_comparison_file_has_a_line_for_each_question_and_the_summary_last()
    {
        var pair = new CheckpointPair(before, moved);
        var questions = Compared(pair);
        var path = folder.File("compared.jsonl");

        using (var file = new ComparisonFile(path))
        {
            foreach (var question in questions)
                file.Add(question);
            File.Exists(path).Should().BeFalse("half a file has no name");
            file.Commit(Summary(pair, questions), pair);
        }

        var lines = File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Should().HaveCount(8);
        var first = lines[0];
        first.GetProperty("id").GetString().Should().Be(questions[0].Row.Id);
        first.GetProperty("hidden_similarity").EnumerateArray().Select(value => value.GetDouble()).Should().Equal(questions[0].Similarity);
        first.GetProperty("attention_divergence")[1][2].GetDouble().Should().Be(questions[0].Divergence[1][2]);
        first.GetProperty("before").GetProperty("answer").GetString().Should().Be(questions[0].Before.Answer.Text);
        first.GetProperty("after").GetProperty("f1").GetDouble().Should().Be(questions[0].After.Score!.Value.F1);
        lines[6].GetProperty("gold").ValueKind.Should().Be(JsonValueKind.Null);
        lines[6].GetProperty("before").GetProperty("exact").ValueKind.Should().Be(JsonValueKind.Null);
        var summary = lines[7].GetProperty("summary");
        summary.GetProperty("questions").GetInt32().Should().Be(7);
        summary.GetProperty("attention_divergence")[1].GetArrayLength().Should().Be(4);
        summary.GetProperty("scores").GetProperty("questions").GetInt32().Should().Be(6);
        summary
            .GetProperty("parameters")
            .EnumerateArray()
            .Select(parameter => parameter.GetProperty("name").GetString())
            .Should()
            .HaveCount(before.Model.named_parameters().Count())
            .And.Contain("qa_outputs.weight");
    }

    [Fact]
    public void A_parameter_that_was_zero_moved_by_no_multiple_of_its_length()
    {
        using (no_grad())
            before.Model.get_parameter("qa_outputs.bias")!.zero_();
        using (no_grad())
            moved.Model.get_parameter("qa_outputs.bias")!.fill_(1);
        var pair = new CheckpointPair(before, moved);

        var summary = Summary(pair, Compared(pair));

        summary.Parameters[0].Relative.Should().Be(double.PositiveInfinity);
        using var json = new ComparisonJson();
        using var written = JsonDocument.Parse(json.Of(summary, pair).ToArray());
        var parameter = written.RootElement.GetProperty("summary").GetProperty("parameters")[0];
        parameter.GetProperty("relative").ValueKind.Should().Be(JsonValueKind.Null);
        parameter.GetProperty("distance").GetDouble().Should().BeApproximately(Math.Sqrt(2), 1e-6);
    }

    [Fact]
    public void Nothing_to_compare_on_is_refused()
    {
        FluentActions
            .Invoking(() => new ComparisonSummaryBuilder([]).Build())
            .Should()
            .Throw<InspectionException>()
            .WithMessage("there is no question*");
        var blank = TrainingRows.Of(1)[0] with { Question = " " };
        FluentActions
            .Invoking(() => new CheckpointComparison(new CheckpointPair(before, same)).Compare(blank))
            .Should()
            .Throw<DataException>()
            .WithMessage("*the question is blank*");
    }

    [Fact]
    public void Models_of_other_shapes_or_vocabularies_are_refused_with_all_that_differs()
    {
        using var other = new ModelFolder();
        string[] pieces = File.ReadAllLines(other.File("vocab.txt"));
        (pieces[^1], pieces[^2]) = (pieces[^2], pieces[^1]);
        File.WriteAllLines(other.File("vocab.txt"), pieces);
        File.WriteAllText(other.File("tokenizer_config.json"), """{"do_lower_case": false, "model_max_length": 64}""");
        var config = JsonSerializer.Deserialize<Dictionary<string, object>>(File.ReadAllText(other.File("config.json")))!;
        config["num_attention_heads"] = 2; // the same weights, cut into other heads
        other.WriteConfig(config);
        using var answerer = QuestionAnswerer.FromPretrained(other.Path);

        FluentActions
            .Invoking(() => new CheckpointPair(before, answerer))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(
                $"*do not compare:*num_attention_heads is 4 and 2*2 token ids stand for other tokens, the first is {pieces.Length - 2}: \"by\" and \"osei\"*do_lower_case is True and False*Expected two checkpoints of one model*"
            );
        new CheckpointPair(before, before).After.Should().BeSameAs(before);
    }
}
