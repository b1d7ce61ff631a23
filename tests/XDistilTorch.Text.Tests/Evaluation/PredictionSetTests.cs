using System.IO.Compression;
using XDistilTorch.Data;

namespace XDistilTorch.Evaluation;

public sealed class PredictionSetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private string File(string text, string name = "p.json")
    {
        var path = folder.At(name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void A_prediction_file_is_read_and_of_repeated_ids_the_last_counts()
    {
        var set = PredictionSet.Read(File("\uFEFF{\"q1\": \"oak\", \"q2\": \"\", \"q1\": \"t\\u00e9\", \"q1\": \"elm\"}\n"));

        set.Answers.Should().Equal(new PredictedAnswer("q1", "elm"), new PredictedAnswer("q2", ""));
        set.DuplicateIds.Should().Equal("q1", "q1");
        set.Find("q3").Should().BeNull();
        set.Failed.Should().Be(0);
    }

    [Fact]
    public void Answer_records_bring_scores_and_error_records_count_as_failed()
    {
        var set = PredictionSet.Read(
            File(
                """
                {"id":"q1","question":"Who?","answer":"oak","score":5.5,"probability":0.75,"start":0,"end":3,"start_utf16":0,"end_utf16":3,"sentence":"oak","null_score":2.25,"decoder":"squad","answers":[{"text":"oak","score":5.5,"probability":0.75,"start":0,"end":3,"start_utf16":0,"end_utf16":3,"window":0}]}
                {"id":"q2","line":2,"error":{"code":"empty-context","message":"blank"}}

                {"id":null,"line":3,"error":{"code":"not-json","message":"broken"}}
                {"id":"q4","answer":"","null_score":null,"answers":[]}
                """
            )
        );

        set.Count.Should().Be(2);
        set.Failed.Should().Be(2);
        set.Find("q1").Should().Be(new PredictedAnswer("q1", "oak") { NoAnswerScore = -3.25, Probability = 0.75 });
        set.Find("q2").Should().BeNull();
        set.Find("q4").Should().Be(new PredictedAnswer("q4", ""));
    }

    [Fact]
    public void A_single_answer_record_is_a_file_of_records() =>
        PredictionSet.Read(File("""{"id":"q1","answer":"oak","answers":[]}""")).Find("q1")!.Text.Should().Be("oak");

    [Fact]
    public void Ids_may_have_any_name() =>
        PredictionSet.Read(File("""{"id":"oak","answer":"elm"}""")).Answers.Select(answer => answer.Id).Should().Equal("id", "answer");

    [Fact]
    public void Gzip_is_read_whatever_the_name()
    {
        var path = folder.At("p");
        using (var zipped = new GZipStream(System.IO.File.Create(path), CompressionLevel.Fastest))
            zipped.Write("""{"q1": "oak"}"""u8);

        PredictionSet.Read(path).Find("q1")!.Text.Should().Be("oak");
    }

    [Fact]
    public void A_record_of_the_library_gives_the_same_as_its_line()
    {
        var answer = new Answer
        {
            Id = "q1",
            Question = "Who?",
            Text = "",
            Score = 4.5f,
            Probability = 0.5,
            NullScore = 4.5f,
            Decoder = "squad",
            Answers =
            [
                new()
                {
                    Text = "oak",
                    Score = 1.25f,
                    Probability = 0.25,
                    Start = 0,
                    End = 3,
                    StartUtf16 = 0,
                    EndUtf16 = 3,
                    Window = 0,
                },
            ],
        };

        PredictedAnswer.Of(answer).Should().Be(PredictionSet.Read(File(answer.ToJson())).Find("q1"));
        PredictedAnswer
            .Of(answer, windows: 3)
            .Should()
            .Be(
                new PredictedAnswer("q1", "")
                {
                    NoAnswerScore = 3.25,
                    Probability = 0.5,
                    Windows = 3,
                }
            );
    }

    [Theory]
    [InlineData("", "*is empty, expected JSON.")]
    [InlineData(" \n", "*is empty, expected JSON.")]
    [InlineData("[]", "*holds an array, expected {\"id\": \"answer\", ...}*")]
    [InlineData("\"oak\"", "*holds a string, expected*")]
    [InlineData("{\"q1\": \"oak\"", "*line 1, byte *: is not valid JSON*")]
    [InlineData("{\"q1\": \"oak\"}}", "*line 1, byte 14: is not valid JSON*")]
    [InlineData("{\n\"q1\": oak}", "*line 2, byte 7: is not valid JSON*")]
    [InlineData("{\"q1\": 3}", "*the prediction for 'q1' is a number, expected the answer's text*")]
    [InlineData("{\"q1\": null, \"q2\": [1]}", "*: 2 faulty entries:*'q1' is null*'q2' is an array*")]
    [InlineData("{\"q1\": \"\\ud800\"}", "*'q1' has half a surrogate pair*")]
    [InlineData("{\"\\ud800\": \"oak\"}", "*an id has half a surrogate pair*")]
    [InlineData(
        "{\"id\":\"q1\",\"answer\":\"oak\",\"answers\":[]}\n{\"id\":\"q2\"",
        "*line 2, byte *: is not valid JSON*whole on one line*"
    )]
    [InlineData(
        "{\"id\":\"q1\",\"answer\":\"oak\",\"answers\":[]}\n{\"id\":\"q2\"}\n{\"answer\":\"\"}",
        "*2 faulty*line 2: *'q2' has no \"answer\"*line 3: *no id*"
    )]
    [InlineData(
        "{\"id\":\"q1\",\"answer\":\"oak\",\"probability\":\"high\",\"answers\":[]}",
        "*line 1: \"probability\" is \"high\", expected a finite number."
    )]
    [InlineData("{\"id\":\"q1\",\"answer\":\"oak\",\"answers\":[]}\n7", "*line 2: holds a JSON Number*")]
    [InlineData("{\"id\":4,\"answer\":\"oak\"}\n{}", "*line 1: \"id\" is a JSON Number*")]
    public void What_is_no_prediction_file_is_told_with_its_place(string text, string message) =>
        FluentActions.Invoking(() => PredictionSet.Read(File(text))).Should().Throw<DataException>().WithMessage(message);

    [Fact]
    public void Of_many_faults_ten_are_told_and_all_are_counted() =>
        FluentActions
            .Invoking(() => PredictionSet.Read(File("{" + string.Join(',', Enumerable.Range(0, 25).Select(i => $"\"q{i}\":{i}")) + "}")))
            .Should()
            .Throw<DataException>()
            .Which.Message.Split('\n')
            .Should()
            .HaveCount(12)
            .And.EndWith("  ... and 15 more.");

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        var bad = folder.At("bad.json");
        System.IO.File.WriteAllBytes(bad, [.. "{\n\"q\": \""u8, 0xFF, .. "\"}"u8]);
        var cut = folder.At("cut.json.gz");
        System.IO.File.WriteAllBytes(cut, [0x1F, 0x8B, 8, 0]);

        Refused(bad).Should().Match("*bad.json: line 2: byte 0xff is not UTF-8*iconv*");
        Refused(cut).Should().Match("*cut.json.gz: *cut off*");
        Refused(folder.At("")).Should().Match("*cannot be read*");
        Refused(folder.At("none.json")).Should().Match("*none.json*");

        static string Refused(string path) =>
            FluentActions.Invoking(() => PredictionSet.Read(path)).Should().Throw<DataException>().Which.Message;
    }

    [Fact]
    public void Of_repeated_scores_the_last_counts_at_the_place_of_the_first()
    {
        var scores = NoAnswerScores.Read(File("""{"q1": 1, "q2": 2e-1, "q1": -3}"""));

        scores.Scores.Should().Equal(new NoAnswerScore("q1", -3), new NoAnswerScore("q2", 0.2));
        scores.DuplicateIds.Should().Equal("q1");
    }

    [Theory]
    [InlineData("{\"q1\": \"high\"}", "*the score of 'q1' is a string, expected a number.")]
    [InlineData("{\"q1\": true, \"q2\": {}}", "*2 faulty*'q1' is a boolean*'q2' is an object*")]
    [InlineData("{\"q1\": 1e999}", "*'q1' is beyond double precision*")]
    [InlineData("{\"q1\": NaN}", "*is not valid JSON*")]
    [InlineData("[0.5]", "*holds an array, expected {\"id\": number, ...}*")]
    public void What_is_no_score_file_is_told(string text, string message) =>
        FluentActions.Invoking(() => NoAnswerScores.Read(File(text))).Should().Throw<DataException>().WithMessage(message);
}
