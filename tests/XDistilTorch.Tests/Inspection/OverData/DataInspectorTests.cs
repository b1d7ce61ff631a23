using XDistilTorch.Data;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.OverData;
using XDistilTorch.Prediction;
using XDistilTorch.Tests.Prediction;

namespace XDistilTorch.Tests.Inspection.OverData;

public sealed class DataInspectorTests(ModelFolder folder) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly QuestionAnswerer answerer = QuestionAnswerer.FromPretrained(folder.Path);

    public void Dispose() => answerer.Dispose();

    private static DataItem Item(string question, string context, string id) =>
        new(
            new QuestionRow
            {
                Id = id,
                Question = question,
                Context = context,
            },
            []
        );

    [Fact]
    public void Each_row_is_looked_into_as_if_it_were_alone()
    {
        var rows = new DataInspector(answerer)
            .Run(PredictionRows.Rows(6), (question, _) => InspectedTarget.Of(question, window: question.DecidingWindow))
            .ToList();

        rows.Should().HaveCount(6);
        foreach (var row in rows)
        {
            var alone = InspectedQuestion.Of(answerer, row.Row.Row!.Question, row.Row.Row.Context);
            row.Row.Answer!.Text.Should().Be(alone.Answer.Text);
            row.Row.Answer.Id.Should().Be(row.Row.Id);
            row.Result!.Tokens.Should().Be(alone.AnswerTokens ?? new TokenSpan(0, 0));
            row.Result.Window.Tokens.Index.Should().Be(alone.DecidingWindow);
        }
    }

    [Fact]
    public void A_row_that_fails_has_its_error_in_its_place()
    {
        DataItem[] items =
        [
            Item("who?", "the clock was repaired by osei", "a"),
            Item(ModelFolder.Text(90), "the clock", "b"),
            Item("who?", "the clock was repaired", "c"),
            Item("who?", "osei was by the clock", "d"),
        ];

        var rows = new DataInspector(answerer).Run(items, (question, _) => InspectedTarget.Of(question, "osei")).ToList();

        rows.Select(row => row.Row.Error?.Code).Should().Equal(null, RowError.QuestionTooLong, RowError.NothingToInspect, null);
        rows.Select(row => row.Row.Number).Should().Equal(1, 2, 3, 4);
        rows[2].Row.Error!.Message.Should().Contain("\"osei\" does not stand in the text");
        rows[3].Result!.Text.Should().Be("osei");
        rows[1].Invoking(row => row.Question).Should().NotThrow().Which.Should().BeNull();
    }

    [Fact]
    public void Rows_chosen_by_number_keep_it()
    {
        var rows = new DataInspector(
            answerer,
            options: new PredictorOptions
            {
                Rows = new HashSet<long> { 2, 5, 40 },
                Limit = 5,
            }
        ).Run(PredictionRows.Rows(9), (question, _) => question.Windows.Count).ToList();

        rows.Select(row => row.Row.Number).Should().Equal(2, 5);
    }

    [Fact]
    public void When_it_is_stopped_the_row_in_flight_is_left_out()
    {
        using var stop = new CancellationTokenSource();
        var measured = 0;

        var rows = new DataInspector(answerer)
            .Run(
                PredictionRows.Rows(9),
                (question, token) =>
                {
                    if (++measured == 3)
                        stop.Cancel();
                    token.ThrowIfCancellationRequested();
                    return measured;
                },
                stop.Token
            )
            .ToList();

        rows.Select(row => row.Result).Should().Equal(1, 2);
    }

    [Fact]
    public void No_answer_in_a_long_text_is_decided_in_the_window_of_the_best_span()
    {
        var question = InspectedQuestion.Of(
            answerer,
            "who repaired the clock?",
            ModelFolder.Text(60),
            new AnswerOptions { Decoder = DecoderKind.Squad, NullThreshold = -1000 }
        );

        question.Answer.HasAnswer.Should().BeFalse();
        question.Windows.Count.Should().BeGreaterThan(1);
        question.DecidingWindow.Should().Be(question.Answer.Answers[0].Window);
        InspectedTarget.Of(question, window: question.DecidingWindow).Span.Should().BeNull();
    }
}
