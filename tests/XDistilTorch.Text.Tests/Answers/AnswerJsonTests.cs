using System.Text.Json;

namespace XDistilTorch;

public class AnswerJsonTests
{
    private static readonly Answer Found = new()
    {
        Id = "q-1",
        Question = "Где чай?",
        Text = "the “blue” 🍵",
        Score = 11.4524f,
        Probability = 0.8751234567890123,
        Start = 3,
        End = 15,
        StartUtf16 = 4,
        EndUtf16 = 17,
        Sentence = "🍵: the “blue” 🍵 <pot>.",
        NullScore = -3.5f,
        Decoder = "squad",
        Answers =
        [
            new()
            {
                Text = "the “blue” 🍵",
                Score = 11.4524f,
                Probability = 0.8751234567890123,
                Start = 3,
                End = 15,
                StartUtf16 = 4,
                EndUtf16 = 17,
                Window = 2,
            },
        ],
    };

    [Fact]
    public void An_answer_is_written_as_approved() =>
        Found
            .ToJson()
            .Should()
            .Be(
                """{"id":"q-1","question":"Где чай?","answer":"the “blue” 🍵","score":11.4524,"probability":0.8751234567890123,"start":"""
                    + """3,"end":15,"start_utf16":4,"end_utf16":17,"sentence":"🍵: the “blue” 🍵 <pot>.","null_score":"""
                    + """-3.5,"decoder":"squad","answers":[{"text":"the “blue” 🍵","score":11.4524,"probability":0.8751234567890123,"start":"""
                    + """3,"end":15,"start_utf16":4,"end_utf16":17,"window":2}]}"""
            );

    [Fact]
    public void No_answer_is_written_as_approved()
    {
        var answer = new Answer
        {
            Question = "Who?",
            Text = "",
            Score = 2,
            Probability = 1,
            NullScore = 2,
            Decoder = "squad",
            Answers = [],
        };

        answer
            .ToJson()
            .Should()
            .Be(
                """{"id":null,"question":"Who?","answer":"","score":2,"probability":1,"start":null,"end":null,"start_utf16":"""
                    + """null,"end_utf16":null,"sentence":null,"null_score":2,"decoder":"squad","answers":[]}"""
            );
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var read = JsonSerializer.Deserialize(Found.ToJson(), AnswerJsonContext.OneLine.Answer)!;

        read.Answers.Should().Equal(Found.Answers);
        (read with { Answers = Found.Answers }).Should().Be(Found);
    }

    [Fact]
    public void Line_ends_and_lone_surrogates_keep_the_record_one_valid_line()
    {
        var answer = Found with { Text = "a\nb\r\u2028\u2029\u0085\u001b[31m\u007f\ud83cz\udf75" };

        var json = answer.ToJson();

        json.Should().Contain(@"""answer"":""a\nb\r\u2028\u2029\u0085\u001b[31m\u007f" + "\ufffdz\ufffd\"");
        json.Should().NotContainAny("\n", "\r", "\u2028", "\u2029", "\u0085");
    }
}
