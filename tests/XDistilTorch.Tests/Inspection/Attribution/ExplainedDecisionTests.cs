using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Tests.Inspection.Attribution;

public sealed class ExplainedDecisionTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Question = "who repaired the clock?",
        Short = "a zebra. the clock was repaired by osei";

    private static readonly AnswerOptions Always = new() { AlwaysAnswer = true },
        Never = new() { NullThreshold = -1000 };

    private InspectedQuestion Inspect(string context, AnswerOptions options)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, Question, context, options, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_answers_score_is_explained_where_nothing_else_is_asked()
    {
        var question = Inspect(Short, Always);

        var decision = ExplainedDecision.Of(question);

        decision.For.Should().Be(question.AnswerTokens);
        decision.Against.Should().BeNull();
        decision.Target.Of(question.Logits[0]).Should().BeApproximately((double)question.Answer.Score!.Value, 1e-5);
        decision.ContextPositions.Should().HaveCount(decision.PositionsOutside.Count + decision.For!.Value.Length);
    }

    [Fact]
    public void No_answer_is_explained_by_how_far_it_is_above_the_best_span()
    {
        var question = Inspect(Short, Never);
        var logits = question.Logits[0];

        var decision = ExplainedDecision.Of(question);

        decision.For.Should().BeNull();
        var best = BestSpan.In(question.Windows[0], logits);
        decision.Against!.Tokens.Should().Be(best);
        decision.Target.Of(logits).Should().BeApproximately(LogitTarget.Null.Of(logits) - LogitTarget.Span(best).Of(logits), 1e-5);
        decision.CurveSpan.Should().Be(new TokenSpan(0, 0));
        decision.PositionsOutside.Should().Equal(decision.ContextPositions);
    }

    [Fact]
    public void One_span_is_measured_against_another_or_none()
    {
        var question = Inspect(Short, Always);
        var window = question.Windows[0];

        var two = ExplainedDecision.Of(question, "osei", "the clock");
        var none = ExplainedDecision.Of(question, "osei", "null");

        two.For.Should().Be(window.Find(new TextSpan(Short.IndexOf("osei", StringComparison.Ordinal), Short.Length)));
        two.Against!.Describe(window).Should().Be("\"the clock\"");
        none.Against.Should().Be(new DecisionSide(null));
        none.Against!.Describe(window).Should().Be("no answer");
    }

    [Fact]
    public void The_window_is_the_one_that_holds_the_span()
    {
        var text = ModelFolder.Text(60) + " by a last bee";
        var question = Inspect(text, Always);
        question.Windows.Count.Should().BeGreaterThan(2);

        ExplainedDecision.Of(question, "last bee").Window.Should().BeSameAs(question.Windows[^1]);
        ExplainedDecision.Of(question, "null", window: 1).Window.Should().BeSameAs(question.Windows[1]);
        ExplainedDecision.Of(question).Window.Should().BeSameAs(question.Windows[question.AnswerWindow!.Value]);
        ExplainedDecision.Of(Inspect(text, Never)).Against!.Tokens.Should().NotBeNull("the best span's window is taken");
    }

    [Theory]
    [InlineData("bell", null, null, "\"bell\" does not stand in the text*")]
    [InlineData("the", null, null, "\"the\" stands in the text * times; name one place: *")]
    [InlineData("last bee", null, 0, "window 0 does not hold \"last bee\"; window * does.")]
    [InlineData("last bee", "first ant", null, "no window holds \"last bee\" and \"first ant\" as a whole*--max-length*")]
    [InlineData("last bee", "last bee", null, "an answer is measured against itself: both are \"last bee\"*")]
    [InlineData("null", "null", null, "an answer is measured against itself: both are no answer*")]
    [InlineData(null, null, 99, "there is no window 99*")]
    public void What_cannot_be_explained_is_told(string? target, string? against, int? window, string message)
    {
        var question = Inspect("a first ant. " + ModelFolder.Text(60) + " by a last bee", Always);

        FluentActions
            .Invoking(() => ExplainedDecision.Of(question, target, against, window))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(message);
    }
}
