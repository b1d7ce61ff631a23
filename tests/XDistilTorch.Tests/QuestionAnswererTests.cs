using System.Collections.Concurrent;
using TorchSharp;
using XDistilTorch.Checkpoints;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;

namespace XDistilTorch.Tests;

/// <summary>The front door: one by one, together, streaming, from many threads, for a long time.</summary>
public sealed class QuestionAnswererTests(ModelFolder folder) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly QuestionAnswerer answerer = QuestionAnswerer.FromPretrained(folder.Path);

    public void Dispose() => answerer.Dispose();

    private static void ShouldBeTheSame(Answer actual, Answer expected)
    {
        actual
            .Should()
            .BeEquivalentTo(
                expected,
                o =>
                    o.Using<float>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-4f))
                        .WhenTypeIs<float>()
                        .Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-4))
                        .WhenTypeIs<double>()
            );
    }

    [Fact]
    public void Answers_are_slices_of_the_text_in_both_countings()
    {
        for (var i = 0; i < 30; i++)
        {
            var question = ModelFolder.Question(i);
            var answer = answerer.Answer(question.Question, question.Context, new AnswerOptions { AlwaysAnswer = true, TopK = 5 });

            answer.HasAnswer.Should().BeTrue();
            foreach (var span in answer.Answers)
            {
                question.Context[span.StartUtf16..span.EndUtf16].Should().Be(span.Text);
                var runes = question.Context.EnumerateRunes().Skip(span.Start).Take(span.End - span.Start);
                string.Concat(runes).Should().Be(span.Text);
            }
            question.Context.Should().Contain(answer.Sentence).And.Contain(answer.Text);
        }
    }

    [Fact]
    public void Together_they_get_the_answers_that_they_get_alone()
    {
        QuestionInput[] questions = [.. Enumerable.Range(0, 50).Select(ModelFolder.Question)];

        var together = answerer.Answer(questions);

        for (var i = 0; i < questions.Length; i++)
            ShouldBeTheSame(together[i], answerer.Answer([questions[i]])[0]);
    }

    [Fact]
    public void The_same_question_gets_the_same_answer_bit_for_bit()
    {
        var question = ModelFolder.Question(11);

        answerer.Answer([question])[0].ToJson().Should().Be(answerer.Answer([question])[0].ToJson());
    }

    [Theory, InlineData(EngineKind.Packed), InlineData(EngineKind.Int8), InlineData(EngineKind.Eager)]
    public void Loaded_for_answers_only_it_gives_the_same_ones(EngineKind engine)
    {
        QuestionInput[] questions = [.. Enumerable.Range(0, 20).Select(ModelFolder.Question)];
        var options = new LoadingOptions { Engine = engine };
        using QuestionAnswerer whole = QuestionAnswerer.FromPretrained(folder.Path, options),
            bare = QuestionAnswerer.FromPretrained(folder.Path, options with { AnswersOnly = true });

        bare.Answer(questions).Select(answer => answer.ToJson()).Should().Equal(whole.Answer(questions).Select(answer => answer.ToJson()));

        var model = () => bare.Model;
        if (engine == EngineKind.Eager)
            model.Should().NotThrow("the tree is what computes");
        else
            model.Should().Throw<InvalidOperationException>().WithMessage("*loaded for answers only*without AnswersOnly*");
        bare.Config.Should().BeEquivalentTo(whole.Config);
    }

    [Theory, InlineData(torch.ScalarType.Float16), InlineData(torch.ScalarType.BFloat16), InlineData(torch.ScalarType.Float32)]
    public void Loaded_for_answers_only_from_weights_of_any_type_it_gives_the_same_ones(torch.ScalarType type)
    {
        QuestionInput[] questions = [.. Enumerable.Range(0, 20).Select(ModelFolder.Question)];
        using var stored = new ModelFolder();
        using (var model = BertForQuestionAnswering.FromPretrained(folder.Path))
            CheckpointWriter.Save(model.to(type), stored.File("model.safetensors"));
        using QuestionAnswerer whole = QuestionAnswerer.FromPretrained(stored.Path),
            bare = QuestionAnswerer.FromPretrained(stored.Path, new LoadingOptions { AnswersOnly = true });

        bare.Answer(questions).Select(answer => answer.ToJson()).Should().Equal(whole.Answer(questions).Select(answer => answer.ToJson()));
        bare.LoadReport.Should().BeEquivalentTo(whole.LoadReport);
        bare.EngineChoice.Should().Be(whole.EngineChoice);
        (bare.DeviceName, bare.Device.ToString()).Should().Be((whole.DeviceName, "cpu"));
    }

    [Fact]
    public void Loaded_for_answers_only_in_another_type_the_tree_computes()
    {
        List<string> told = [];
        using var answerer = QuestionAnswerer.FromPretrained(
            folder.Path,
            new LoadingOptions
            {
                AnswersOnly = true,
                DType = torch.ScalarType.Float64,
                Engine = EngineKind.Packed,
                Notice = told.Add,
            }
        );

        answerer.EngineChoice.Kind.Should().Be(EngineKind.Eager);
        told.Should().ContainSingle().Which.Should().Contain("the model computes in Float64");
        answerer.Answer(ModelFolder.Question(3).Question, ModelFolder.Text(30)).Should().NotBeNull();
    }

    [Theory, InlineData(true, 0), InlineData(true, -1), InlineData(false, 0)]
    public void Nobody_to_compute_is_refused(bool answersOnly, int workers) =>
        FluentActions
            .Invoking(() =>
                QuestionAnswerer.FromPretrained(folder.Path, new LoadingOptions { AnswersOnly = answersOnly, Workers = workers })
            )
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithMessage("*workers*");

    [Fact]
    public async Task A_stream_is_answered_in_order_without_reading_far_ahead()
    {
        var read = 0;
        IEnumerable<QuestionInput> Endless()
        {
            while (true)
                yield return ModelFolder.Question(read++);
        }

        var answers = new List<Answer>();
        await foreach (var answer in answerer.AnswerAsync(Endless()))
        {
            answers.Add(answer);
            if (answers.Count == 70)
                break;
        }

        answers.Select(a => a.Id).Should().Equal(Enumerable.Range(0, 70).Select(i => $"{i}"));
        read.Should().BeLessThan(200);
        ShouldBeTheSame(answers[40], answerer.Answer([ModelFolder.Question(40)])[0]);
    }

    [Fact]
    public async Task A_live_stream_gets_each_answer_before_it_gives_the_next_question()
    {
        var answered = System.Threading.Channels.Channel.CreateUnbounded<string?>();
        async IAsyncEnumerable<QuestionInput> Live()
        {
            for (var i = 0; i < 5; i++)
            {
                yield return ModelFolder.Question(i);
                (await answered.Reader.ReadAsync()).Should().Be($"{i}");
            }
        }
        var count = 0;

        await foreach (var answer in answerer.AnswerAsync(Live()))
        {
            answered.Writer.TryWrite(answer.Id).Should().BeTrue();
            count++;
        }

        count.Should().Be(5);
    }

    [Fact]
    public async Task Who_stops_reading_does_not_wait_for_the_next_question()
    {
        async IAsyncEnumerable<QuestionInput> Stalling()
        {
            yield return ModelFolder.Question(0);
            await new TaskCompletionSource().Task; // for ever
        }

        await foreach (var _ in answerer.AnswerAsync(Stalling()))
            break;
    }

    [Fact]
    public async Task Answers_before_a_bad_question_are_given()
    {
        QuestionInput[] questions =
        [
            ModelFolder.Question(0),
            ModelFolder.Question(1),
            new("", "the clock", "bad"),
            ModelFolder.Question(3),
        ];
        var seen = new List<string?>();

        var act = async () =>
        {
            await foreach (var answer in answerer.AnswerAsync(questions))
                seen.Add(answer.Id);
        };

        await act.Should().ThrowAsync<DataException>().WithMessage("question bad: *");
        seen.Should().Equal("0", "1");
    }

    [Fact]
    public void The_report_says_what_was_converted_to_what_is_computed_in()
    {
        using var half = QuestionAnswerer.FromPretrained(folder.Path, new LoadingOptions { DType = torch.ScalarType.Float16 });

        half.Model.parameters().Should().OnlyContain(p => p.dtype == torch.ScalarType.Float16);
        half.LoadReport.Notes.Should().Contain(n => n.Contains("F32 to F16", StringComparison.Ordinal));
        answerer.LoadReport.Converted.Should().BeEmpty();
    }

    [Fact]
    public async Task A_cancelled_stream_stops()
    {
        using var cancellation = new CancellationTokenSource();
        var seen = 0;

        var act = async () =>
        {
            await foreach (
                var _ in answerer.AnswerAsync(Enumerable.Range(0, 10_000).Select(ModelFolder.Question), null, cancellation.Token)
            )
                if (++seen == 3)
                    await cancellation.CancelAsync();
        };

        await act.Should().ThrowAsync<OperationCanceledException>();
        seen.Should().BeLessThan(100);
        FluentActions
            .Invoking(() => answerer.Answer("who?", "the clock", null, cancellation.Token))
            .Should()
            .Throw<OperationCanceledException>();
    }

    [Fact]
    public void Many_threads_may_ask_at_once()
    {
        QuestionInput[] questions = [.. Enumerable.Range(0, 40).Select(ModelFolder.Question)];
        var expected = questions.Select(q => answerer.Answer([q])[0]).ToArray();
        var actual = new ConcurrentDictionary<int, Answer>();

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => actual[i] = answerer.Answer([questions[i % 40]])[0]);

        foreach (var (i, answer) in actual)
            ShouldBeTheSame(answer, expected[i % 40]);
    }

    [Fact]
    public void Disposing_waits_for_those_who_ask_and_refuses_new_ones()
    {
        var shared = QuestionAnswerer.FromPretrained(folder.Path);
        using var started = new CountdownEvent(4);
        var threads = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Run(() =>
                {
                    shared.Answer([ModelFolder.Question(1)]);
                    started.Signal();
                    while (true)
                        shared.Answer([ModelFolder.Question(1)]);
                })
            )
            .ToArray();
        started.Wait();

        shared.Dispose();
        shared.Dispose();

        foreach (var thread in threads)
            FluentActions.Invoking(() => thread.GetAwaiter().GetResult()).Should().Throw<ObjectDisposedException>();
        FluentActions.Invoking(() => shared.Answer("who?", "the clock")).Should().Throw<ObjectDisposedException>();
    }

    [Theory]
    [InlineData("", "the clock", "*question q7: the question is blank*")]
    [InlineData(" \n", "the clock", "*the question is blank*")]
    [InlineData("who?", "", "*question q7: the text is blank*")]
    [InlineData("who?", "\u00a0\t", "*the text is blank*")]
    [InlineData("who?", "\u200b", "*the text is blank*")]
    [InlineData("\u200b", "the clock", "*the question is blank*")]
    public void Blank_questions_and_texts_are_refused_by_name(string question, string context, string message) =>
        FluentActions
            .Invoking(() => answerer.Answer([new QuestionInput(question, context, "q7")]))
            .Should()
            .Throw<DataException>()
            .WithMessage(message);

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (
            var options in new AnswerOptions[]
            {
                new() { TopK = 0 },
                new() { MaxLength = 3 },
                new() { Stride = -1 },
                new() { MaxAnswerLength = 0 },
                new() { NBestSize = 0 },
                new() { NullThreshold = float.NaN },
            }
        )
            FluentActions.Invoking(() => answerer.Answer("who?", "the clock", options)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions
            .Invoking(() => answerer.Answer("who?", "the clock", new AnswerOptions { MaxLength = 65 }))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("*65 tokens*positions for 64*");
    }

    [Fact]
    public void A_stride_that_no_window_of_this_model_can_share_is_refused() =>
        FluentActions
            .Invoking(() => answerer.Answer("who?", "the clock", new AnswerOptions { Stride = 200 }))
            .Should()
            .Throw<XDistilException>()
            .WithMessage("windows of 64 tokens are to share 200; at most 62*");

    [Fact]
    public void In_double_precision_the_answers_are_the_same()
    {
        using var precise = QuestionAnswerer.FromPretrained(folder.Path, new LoadingOptions { DType = torch.ScalarType.Float64 });

        for (var i = 0; i < 10; i++)
            ShouldBeTheSame(precise.Answer([ModelFolder.Question(i)])[0], answerer.Answer([ModelFolder.Question(i)])[0]);
    }

    [Fact]
    public void A_change_to_the_model_takes_effect_at_once()
    {
        var question = ModelFolder.Question(3);
        var before = answerer.Answer([question])[0];
        using (torch.no_grad())
            answerer.Model.QaOutputs.parameters().Last().add_(torch.tensor(new[] { 1f, 2f })); // its bias

        answerer.Answer([question])[0].Answers[0].Score.Should().BeApproximately(before.Answers[0].Score + 3, 1e-4f);
    }
}
