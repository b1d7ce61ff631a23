using XDistilTorch.Inspection;
using static TorchSharp.torch;

namespace XDistilTorch.Tests.Inspection;

public sealed class InspectedQuestionTests(ModelFolder folder) : IClassFixture<ModelFolder>
{
    private const string Question = "who repaired the clock?";

    private static readonly string Long = ModelFolder.Text(60);

    private InspectedQuestion Inspect(string context, AnswerOptions? options = null)
    {
        using var answerer = QuestionAnswerer.FromPretrained(folder.Path);
        return InspectedQuestion.Of(answerer, Question, context, options, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_answer_is_bound_to_its_tokens()
    {
        var inspected = Inspect(Long, new AnswerOptions { AlwaysAnswer = true });

        inspected.Windows.Count.Should().BeGreaterThan(1);
        var window = inspected.Choose();
        var answer = inspected.AnswerTokens!.Value;
        window.Covered(answer).Of(Long).Should().Be(inspected.Answer.Text);
        window.Pieces[0].Should().Be("[CLS]");
        LogitTarget
            .Span(answer)
            .Of(inspected.Logits[inspected.AnswerWindow!.Value])
            .Should()
            .BeApproximately((double)inspected.Answer.Score!.Value, 1e-5);
        var groups = window.Groups(answer);
        groups[0].Should().Be(TokenGroup.Cls);
        groups.Count(group => group == TokenGroup.Sep).Should().Be(2);
        groups.Count(group => group == TokenGroup.Answer).Should().Be(answer.Length);
        string.Concat(Enumerable.Range(0, window.Length).Where(i => groups[i] == TokenGroup.Question).Select(window.TextOf))
            .Should()
            .Be(Question.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Tensors_and_arrays_of_logits_give_the_same_targets()
    {
        var inspected = Inspect("the clock was repaired by osei");
        var logits = inspected.Logits[0];
        using var start = tensor(logits.Start).unsqueeze(0);
        using var end = tensor(logits.End).unsqueeze(0);
        var (one, other) = (new TokenSpan(8, 9), new TokenSpan(10, 10));
        LogitTarget[] targets =
        [
            LogitTarget.Start(3),
            LogitTarget.End(4),
            LogitTarget.Null,
            LogitTarget.Margin(one),
            LogitTarget.Span(one).Minus(LogitTarget.Span(other)),
        ];

        foreach (var target in targets)
            target.Of(start, end).item<float>().Should().BeApproximately((float)target.Of(logits), 1e-5f, target.Name);

        targets[3].Of(logits).Should().BeApproximately(logits.Start[8] + logits.End[9] - logits.Start[0] - logits.End[0], 1e-5);
        FluentActions
            .Invoking(() => LogitTarget.Start(99).Of(logits))
            .Should()
            .Throw<InspectionException>()
            .WithMessage("start of 99: there is no token 99; the window has *");
    }

    [Fact]
    public void A_window_that_is_not_there_or_not_chosen_is_told()
    {
        var inspected = Inspect(Long, new AnswerOptions { NullThreshold = -1000 });

        inspected.Answer.HasAnswer.Should().BeFalse();
        inspected.AnswerTokens.Should().BeNull();
        FluentActions
            .Invoking(() => inspected.Choose())
            .Should()
            .Throw<InspectionException>()
            .WithMessage("*no answer that would choose one*--window*");
        FluentActions.Invoking(() => inspected.Choose(99)).Should().Throw<InspectionException>().WithMessage("there is no window 99*");
        var last = new TextSpan(Long.Length - 3, Long.Length);
        inspected.Locate(inspected.Windows[^1], last).Last.Should().Be(inspected.Windows[^1].ContextTokens.Last);
        FluentActions
            .Invoking(() => inspected.Locate(inspected.Windows[0], last))
            .Should()
            .Throw<InspectionException>()
            .WithMessage($"window 0 does not hold*; window {inspected.Windows.Count - 1} does.");
    }

    [Theory]
    [InlineData("null", null, null)]
    [InlineData("0:3", 0, 4)]
    [InlineData("2:4", 3, 5)] // code points: the teacup counts once
    [InlineData("clock", 6, 11)]
    [InlineData("\"clock\"", 6, 11)]
    public void Spans_are_named_by_text_or_place(string named, int? start, int? end) =>
        SpanReference.Find(named, "a🍵 a clock, null the the").Should().Be(start is null ? null : new TextSpan(start.Value, end!.Value));

    [Theory]
    [InlineData("the", "*\"the\" stands in the text 2 times; name one place: 17:20, 21:24")]
    [InlineData("bell", "*\"bell\" does not stand in the text*")]
    [InlineData("", "*does not stand in the text*")]
    [InlineData("5:5", "5:5 is no span of the text, which has 24 characters*")]
    [InlineData("5:99", "5:99 is no span of the text*")]
    public void What_is_not_there_or_not_clear_is_told(string named, string message) =>
        FluentActions
            .Invoking(() => SpanReference.Find(named, "a🍵 a clock, null the the"))
            .Should()
            .Throw<InspectionException>()
            .WithMessage(message);
}
