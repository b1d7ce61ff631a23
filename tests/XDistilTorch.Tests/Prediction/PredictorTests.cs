using CsCheck;
using XDistilTorch.Data;
using XDistilTorch.Prediction;

namespace XDistilTorch.Tests.Prediction;

/// <summary>Rows in, answers out: in order, the same however they are divided, and what is wrong is told at its place.</summary>
public sealed class PredictorTests(ModelFolder folder) : IClassFixture<ModelFolder>, IDisposable
{
    private static readonly PredictorOptions ByFour = new() { ChunkRows = 4 };

    private readonly QuestionAnswerer answerer = QuestionAnswerer.FromPretrained(folder.Path);

    public void Dispose() => answerer.Dispose();

    private List<string> Lines(int rows, PredictorOptions options, AnswerOptions? answers = null) =>
        [.. new Predictor(answerer, answers, options).Run(PredictionRows.Rows(rows)).Lines()];

    [Theory, InlineData(DecoderKind.Squad), InlineData(DecoderKind.Pipeline), InlineData(DecoderKind.Calibrated)]
    public void A_row_gets_the_answer_that_the_front_door_gives(DecoderKind decoder)
    {
        var answers = new AnswerOptions { Decoder = decoder, TopK = 3 };

        var rows = new Predictor(answerer, answers, ByFour).Run(PredictionRows.Rows(10)).SelectMany(chunk => chunk.Rows).ToList();

        rows.Select(row => row.Number).Should().Equal(Enumerable.Range(1, 10).Select(n => (long)n));
        foreach (var row in rows)
        {
            var alone = answerer.Answer(row.Row!.Question, row.Row.Context, answers);
            row.Answer!.Decoder.Should().Be(decoder.ToString().ToLowerInvariant());
            row.Answer.Should()
                .BeEquivalentTo(
                    alone with
                    {
                        Id = row.Id,
                    },
                    options =>
                        options
                            .Using<float>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-4f))
                            .WhenTypeIs<float>()
                            .Using<double>(c => c.Subject.Should().BeApproximately(c.Expectation, 1e-4))
                            .WhenTypeIs<double>()
                );
        }
    }

    [Fact]
    public void Shards_put_together_and_runs_taken_up_give_the_same_bytes()
    {
        var whole = Lines(30, ByFour);

        Gen.Select(Gen.Int[1, 5], Gen.Int[0, 7])
            .Sample(
                (shards, chunksDone) =>
                {
                    var parts = Enumerable
                        .Range(0, shards)
                        .Select(shard => Lines(30, ByFour with { Shard = shard, Shards = shards }))
                        .ToList();
                    var merged = new List<string>();
                    for (var row = 0; row < 30; row++)
                    {
                        var part = parts[row / 4 % shards];
                        merged.Add(part[0]);
                        part.RemoveAt(0);
                    }
                    merged.Should().Equal(whole);
                    Lines(30, ByFour with { RowsDone = chunksDone * 4 }).Should().Equal(whole.Skip(chunksDone * 4));
                },
                iter: 15,
                threads: 1
            );
    }

    [Theory, InlineData(0), InlineData(1), InlineData(4), InlineData(9)]
    public void A_limit_takes_the_first_rows(int limit)
    {
        var predictor = new Predictor(answerer, null, ByFour with { Limit = limit });

        var rows = predictor.Run(PredictionRows.Rows(30)).SelectMany(chunk => chunk.Rows).ToList();

        rows.Should().HaveCount(limit);
        predictor.RowsRead.Should().Be(limit);
    }

    private static IEnumerable<DataItem> WithFaults()
    {
        var json = """
            {"id": "1", "question": "who?", "context": "the clock"}
            {"id": "2", "question": "who?"}
            {"id": "1", "question": "who?", "context": "the clock"}
            {"id": "1", "question": "who was?", "context": "the clock"}
            {"id": "5", "question": " ", "context": "the clock"}
            not json
            {"id": "7", "question": "who?", "context": "\u200b"}
            {"id": "8", "question": "who was it?", "context": "the clock"}
            """;
        return DataReader.Read(
            new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)),
            "rows",
            new DataReaderOptions { AssumeLines = true }
        );
    }

    [Fact]
    public void Bad_rows_keep_their_place_and_say_what_is_wrong()
    {
        var rows = new Predictor(answerer, null, ByFour).Run(WithFaults()).SelectMany(chunk => chunk.Rows).ToList();

        rows.Select(row => row.Error?.Code)
            .Should()
            .Equal(null, "missing-field", "repeated-row", "duplicate-id", "empty-question", "not-json", "empty-context", null);
        rows.Select(row => row.Line).Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
        rows.Where(row => row.Error is not null).Should().OnlyContain(row => row.Error!.Message.StartsWith($"line {row.Line}"));
    }

    [Fact]
    public void A_bad_row_stops_the_run_after_the_chunks_before_it_and_a_repetition_does_not()
    {
        var seen = new List<PredictedChunk>();
        var predictor = new Predictor(
            answerer,
            null,
            new PredictorOptions
            {
                ChunkRows = 1,
                StopAtErrors = true,
                DataName = "rows",
            }
        );

        FluentActions
            .Invoking(() => seen.AddRange(predictor.Run(WithFaults().Skip(2)).Select(chunk => chunk)))
            .Should()
            .Throw<DataException>()
            .WithMessage("rows: line 4*\"1\"*");
        var taken = new List<PredictedChunk>();
        FluentActions
            .Invoking(() =>
            {
                foreach (var chunk in predictor.Run(WithFaults().Where(item => item.Faults.All(f => f.Place.Line != 2))))
                    taken.Add(chunk);
            })
            .Should()
            .Throw<DataException>();
        taken.SelectMany(chunk => chunk.Rows).Select(row => row.Error?.Code).Should().Equal(null, "repeated-row");
    }

    [Fact]
    public void A_file_that_ends_in_a_fault_is_no_bad_row()
    {
        byte[] cut = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1];
        var items = DataReader.Read(new MemoryStream(cut), "rows.gz");

        FluentActions
            .Invoking(() => new Predictor(answerer).Run(items).Count())
            .Should()
            .Throw<DataException>()
            .WithMessage("*compressed*");
    }

    [Fact]
    public void A_source_that_fails_is_told_after_the_answers_before_it()
    {
        static IEnumerable<DataItem> Failing()
        {
            foreach (var row in PredictionRows.Rows(9))
                yield return row;
            throw new DataException("the disk is gone");
        }
        var taken = 0;

        FluentActions
            .Invoking(() =>
            {
                foreach (var chunk in new Predictor(answerer, null, ByFour).Run(Failing()))
                    taken += chunk.Rows.Count;
            })
            .Should()
            .Throw<DataException>()
            .WithMessage("the disk is gone");
        taken.Should().Be(8);
    }

    [Fact]
    public void Stopping_gives_the_chunk_in_flight_and_ends()
    {
        using var stop = new CancellationTokenSource();
        using var computing = new ManualResetEventSlim();
        var engine = new PredictionRows.FormulaEngine { BeforeWindow = _ => computing.Set() };
        var predictor = new Predictor(answerer.Tokenizer, engine, PredictionRows.Settings(), ByFour);

        IEnumerable<DataItem> Endless()
        {
            for (var i = 0; ; i++)
                yield return PredictionRows.Row(i);
        }
        var taken = 0;
        foreach (var chunk in predictor.Run(Endless(), stop.Token))
        {
            chunk.Rows.Should().HaveCount(4);
            taken++;
            stop.Cancel();
        }

        taken.Should().BeInRange(1, 5, "two chunks may be computed ahead and one is in flight");
    }

    [Fact]
    public void Stopping_does_not_wait_for_a_source_that_waits_itself()
    {
        using var stop = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        IEnumerable<DataItem> Waiting()
        {
            foreach (var row in PredictionRows.Rows(4))
                yield return row;
            never.Wait();
        }

        foreach (var chunk in new Predictor(answerer, null, ByFour).Run(Waiting(), stop.Token))
            stop.Cancel();

        never.Set();
    }

    [Fact]
    public void Who_stops_reading_may_dispose_of_the_model_at_once()
    {
        for (var i = 0; i < 5; i++)
        {
            var own = QuestionAnswerer.FromPretrained(folder.Path);
            foreach (var _ in new Predictor(own, null, ByFour).Run(PredictionRows.Rows(100)))
                break;
            own.Dispose(); // waits for the batch in flight; freed under it the process would end
        }
    }

    [Fact]
    public void Nothing_is_computed_for_a_plan()
    {
        var engine = new PredictionRows.FormulaEngine { BeforeWindow = _ => throw new InvalidOperationException("computed") };
        var predictor = new Predictor(answerer.Tokenizer, engine, PredictionRows.Settings(), ByFour);

        var plan = predictor.Plan(WithFaults());

        plan.Should()
            .BeEquivalentTo(
                new
                {
                    RowsTotal = 8,
                    Rows = 8,
                    Errors = 5,
                    Repetitions = 1,
                    Windows = 2,
                }
            );
        plan.Samples.Select(row => row.Line).Should().Equal(2, 4, 5, 6, 7);
    }

    [Fact]
    public void Questions_with_a_file_of_their_own_tokens_are_text()
    {
        var item = PredictionRows.Row(1, "who [SEP] was [CLS]?");

        var row = new Predictor(answerer).Run([item]).Single().Rows.Single();

        row.Error.Should().BeNull();
        row.Answer!.Question.Should().Be("who [SEP] was [CLS]?");
    }
}
