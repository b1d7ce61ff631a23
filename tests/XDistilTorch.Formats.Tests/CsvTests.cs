using System.Text;
using XDistilTorch.Data;

namespace XDistilTorch.Formats;

public class CsvTests
{
    [Theory]
    [InlineData("id,question,context\n1,Who?,Ada\n")]
    [InlineData("\uFEFFid,question,context\r\n1,Who?,Ada\r\n")]
    [InlineData("\n\n\"ID\", Question ,CONTEXT\n\n1,Who?,Ada")]
    [InlineData("id\tquestion\tcontext\n1\tWho?\tAda\n")]
    [InlineData("id;question;context\r1;Who?;Ada\r")]
    [InlineData(",id,context,question\n0,1,Ada,Who?\n")]
    public void The_first_line_tells_CSV_and_its_delimiter(string text)
    {
        var row = Written.Rows(text).Should().ContainSingle().Subject;

        row.Should()
            .BeEquivalentTo(
                new
                {
                    Id = "1",
                    Question = "Who?",
                    Context = "Ada",
                }
            );
        row.Answers.Should().BeNull();
    }

    [Fact]
    public void Rows_are_numbered_on_request()
    {
        DataReaderOptions numbered = new() { NumberRows = true };

        Written.Rows("question,context\nWho?,Ada\nWhat?,Bo\n", numbered).Select(row => row.Id).Should().Equal("1", "2");
        Written.Rows("id,question,context\n,Who?,Ada\nx,What?,Bo\n", numbered).Select(row => row.Id).Should().Equal("1", "x");
    }

    [Theory]
    [InlineData("""{"text": ["Ada", "Bo"], "answer_start": [0, 8]}""", 2)]
    [InlineData("""[{"text": "Ada", "answer_start": 0}]""", 1)]
    [InlineData("""{"text": [], "answer_start": []}""", 0)]
    [InlineData("", null)]
    public void Answers_are_JSON(string json, int? count)
    {
        var row = Written.Rows($"id,question,context,answers\n1,Who?,Ada and Bo,\"{json.Replace("\"", "\"\"")}\"\n").Single();

        (row.Answers?.Count).Should().Be(count);
        (row.Answers ?? []).Where(answer => answer.Span is null).Should().BeEmpty();
    }

    [Theory]
    [InlineData("answer")]
    [InlineData("answer_text")]
    public void One_answer_has_columns_of_its_own(string name)
    {
        var rows = Written.Rows($"id,question,context,{name},answer_start\n1,Who?,naïve Bo,Bo,6\n2,Who?,naïve Bo,,\n");

        rows[0].Answers.Should().Equal(new GoldAnswer("Bo", 6, new(6, 8)));
        rows[1].Answers.Should().BeEmpty("an empty cell means that there is no answer");
    }

    [Theory]
    [InlineData("id,question,context\n1,\"Who\n?\",Ada\n2,Wh\"o?,Bo\n3,Who?,Cy\n", "not-csv", 4, "$")]
    [InlineData("id,question,context\n1,\"Who?\"x,Ada\n", "not-csv", 2, "$")]
    [InlineData("id,question,context\n1,Who?,Ada\n2,\"Who?,Ada\n3,Who?,Ada\n", "not-csv", 3, "$")]
    [InlineData("id,question,context\n1,Who?\n", "row-of-other-length", 2, "$")]
    [InlineData("id,question,context\n1,Who?,Ada,Bo\n", "row-of-other-length", 2, "$")]
    [InlineData("id,question,context\n,Who?,Ada\n", "empty-id", 2, "$.id")]
    [InlineData("id,question,context\n1,Who?,\n", "empty-context", 2, "$.context")]
    [InlineData("id,question,context\n1,Who?,a\n1,Who?,b\n", "duplicate-id", 3, "$.id")]
    [InlineData("question,context\nWho?,Ada\n", "missing-field", 1, "$.id")]
    [InlineData("id,id,question,context\n1,1,Who?,Ada\n", "duplicate-key", 1, "$")]
    [InlineData("id,question,context,answers\n1,Who?,Ada,{'text': 1}\n", "not-json", 2, "$.answers")]
    [InlineData("id,question,context,answers\n1,Who?,Ada,3\n", "wrong-type", 2, "$.answers")]
    [InlineData("id,question,context,answer,answer_start\n1,Who?,Ada,Ada,0.0\n", "wrong-type", 2, "$.answer_start")]
    [InlineData("id,question,context,answer,answer_start\n1,Who?,Ada,Ada,\n", "missing-field", 2, "$.answer_start")]
    [InlineData("id,question,context,answer\n1,Who?,Ada,Ada\n", "missing-field", 2, "$.answer_start")]
    [InlineData("id,question,context,is_impossible\n1,Who?,Ada,maybe\n", "wrong-type", 2, "$.is_impossible")]
    public void A_fault_is_told_at_its_line_and_column(string text, string code, int line, string path)
    {
        var report = Written.Inspect(text);

        var fault = report.Faults.Should().ContainSingle("{0}", string.Join('\n', report.Faults)).Subject;
        fault.Code.Name().Should().Be(code);
        fault.Place.Should().Be(new DataPlace(line, path));
        fault.Remedy.Should().NotBeEmpty();
        report.IsRefusedFor(DataUse.Evaluate).Should().BeTrue();
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_told_after_the_rows_before_them()
    {
        var report = Written.Inspect([.. "id,question,context\n1,Who?,Ada\n2,Who?,"u8, 0xE9, .. "\n"u8]);

        report.Readable.Should().Be(1);
        var fault = report.Faults.Should().ContainSingle().Subject;
        (fault.Code, fault.Place.Line, fault.Byte).Should().Be((DataFaultCode.NotUtf8, 3, 38));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "it looks like CSV")]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("BZh91AY", "bzip2")]
    [InlineData("\u00fd7zXZ\0", "xz")]
    public void What_is_none_of_the_formats_is_told_with_all_of_them(string latin1, string guess)
    {
        var fault = Written.Inspect(Encoding.Latin1.GetBytes(latin1)).Faults.Should().ContainSingle().Subject;

        fault.Code.Should().Be(DataFaultCode.UnknownFormat);
        fault.ToString().Should().Contain(guess).And.Contain("Parquet").And.Contain("zstd");
    }

    [Fact]
    public void Under_its_name_CSV_says_which_columns_it_lacks()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("rows.csv");
        File.WriteAllText(path, "id;text\n1;Ada\n");

        var report = QuestionFile.Inspect(path);

        report.Faults.Select(fault => fault.Place.ToString()).Should().Equal("line 1, $.question", "line 1, $.context");
    }

    [Fact]
    public void A_row_from_a_pipe_is_there_before_many_more_come()
    {
        var rows = string.Concat(Enumerable.Range(1, 2000).Select(i => $"{i},Who?,Ada\n"));
        using var pipe = new SlowStream(Encoding.UTF8.GetBytes("id,question,context\n" + rows));
        using var items = QuestionFile.Read(pipe, "pipe").GetEnumerator();

        items.MoveNext().Should().BeTrue();

        pipe.Position.Should().BeLessThan(200);
    }
}
