using XDistilTorch.Inspection;

namespace XDistilTorch.Tests.Inspection;

public sealed class InspectedTargetTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private static readonly string Long = ModelFolder.Text(60) + " the last bell.";

    private InspectedQuestion Inspect(AnswerOptions options)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, "who repaired the clock?", Long, options, TestContext.Current.CancellationToken);
    }

    private static readonly AnswerOptions Always = new() { AlwaysAnswer = true };
    private static readonly AnswerOptions Never = new() { NullThreshold = -1000 };

    [Fact]
    public void Is_the_models_answer_where_nothing_is_named()
    {
        var question = Inspect(Always);

        var target = InspectedTarget.Of(question);

        target.Window.Tokens.Index.Should().Be(question.AnswerWindow);
        target.Span.Should().Be(question.AnswerTokens);
        target.Text.Should().Be(question.Answer.Text);
        target.Group.Should().Be(TokenGroup.Answer);
    }

    [Fact]
    public void Is_a_named_span_in_the_window_that_scores_it_best()
    {
        var question = Inspect(Never);
        var place = new TextSpan(Long.Length - 5, Long.Length - 1);

        var target = InspectedTarget.Of(question, "bell");

        target.Text.Should().Be("bell");
        target.Place.Should().Be(place);
        double Score(InspectedWindow window) => LogitTarget.Span(window.Find(place)!.Value).Of(question.Logits[window.Tokens.Index]);
        var holding = question.Windows.Where(window => window.Find(place) is not null).ToList();
        target.Window.Should().BeSameAs(holding.MaxBy(Score));
        InspectedTarget.Of(question, "bell", holding[0].Tokens.Index).Window.Should().BeSameAs(holding[0]);
    }

    [Fact]
    public void Null_is_the_decision_at_the_first_token_of_the_answers_or_the_named_window()
    {
        InspectedTarget.Of(Inspect(Always), "null").Should().Match<InspectedTarget>(target => target.Span == null && target.Text == null);
        var target = InspectedTarget.Of(Inspect(Never), "null", 1);
        target.Window.Tokens.Index.Should().Be(1);
        target.Tokens.Should().Be(new TokenSpan(0, 0));
        target.Group.Should().Be(TokenGroup.Cls);
    }

    [Fact]
    public void What_is_not_there_or_not_chosen_is_told()
    {
        var question = Inspect(Never);
        void Told(string? named, int? window, string message) =>
            FluentActions
                .Invoking(() => InspectedTarget.Of(question, named, window))
                .Should()
                .Throw<InspectionException>()
                .WithMessage(message);

        Told(null, null, "*no answer that would choose one*--window*");
        Told("null", null, "*no answer that would choose one*--window*");
        Told("bell", 0, "window 0 does not hold \"bell\"; window *");
        Told("bell", 99, "there is no window 99*");
        Told("gong", null, "\"gong\" does not stand in the text*");
        Told($"0:{new CodePointIndex(Long).Count}", null, "window 0 does not hold *, nor does any other as a whole.");
    }
}
