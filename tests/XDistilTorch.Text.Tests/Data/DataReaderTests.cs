using System.Text;

namespace XDistilTorch.Data;

public class DataReaderTests
{
    private const string Good = """{"id":"a","question":"Who?","context":"Ilse."}""";

    [Fact]
    public void Reading_goes_on_after_a_bad_line()
    {
        var items = Read($"{Good}\noops\n{Good.Replace("\"a\"", "\"b\"")}\n");

        items.Select(item => item.Row?.Id).Should().Equal("a", null, "b");
        items[1].Faults.Should().ContainSingle().Which.Place.Line.Should().Be(2);
    }

    [Fact]
    public void A_broken_first_line_does_not_hide_the_others()
    {
        var items = Read("{\"id\": \"a\", \n" + Good + "\n{");

        items.Select(item => item.Row?.Id).Should().Equal(null, "a", null);
    }

    [Fact]
    public void Rows_are_numbered_where_there_is_no_id()
    {
        var items = Read(
            """{"question":"Who?","context":"Ilse."}""" + "\nx\n" + """{"question":"When?","context":"Now."}""",
            new() { NumberRows = true }
        );

        items.Select(item => item.Row?.Id).Should().Equal("1", null, "3");
    }

    [Theory]
    [InlineData("line 3, $.id", "line 1", "{0}\n\n{1}")]
    [InlineData("$[1].id", "$[0]", "[{0},{1}]")]
    [InlineData("$.data[1].id", "$.data[0]", "{{\"data\":[{0},{1}]}}")]
    [InlineData(
        "$.data[0].paragraphs[0].qas[1].id",
        "$.data[0].paragraphs[0].qas[0]",
        "{{\"data\":[{{\"paragraphs\":[{{\"qas\":[{0},{1}],\"context\":\"Ilse.\"}}]}}]}}"
    )]
    [InlineData(
        "$[2].paragraphs[0].qas[0].id",
        "$[1].paragraphs[1].qas[0]",
        "[{{\"paragraphs\":[]}},{{\"paragraphs\":[{{\"context\":\"x\",\"qas\":[]}},{{\"context\":\"x\",\"qas\":[{0}]}}]}},{{\"paragraphs\":[{{\"context\":\"x\",\"qas\":[{1}]}}]}}]"
    )]
    public void A_repeated_id_is_told_with_both_places(string place, string first, string form)
    {
        var text = string.Format(null, CompositeFormat.Parse(form), Good, Good.Replace("Who", "Why"));

        var fault = Read(text).SelectMany(item => item.Faults).Should().ContainSingle().Subject;

        fault.Code.Should().Be(DataFaultCode.DuplicateId);
        fault.Place.ToString().Should().Be(place);
        fault.FirstPlace.ToString().Should().Be(first);
        fault.Reason.Should().Contain(first);
    }

    [Fact]
    public void A_row_of_several_lines_is_a_document() =>
        Read("{\n \"id\": \"a\",\n \"question\": \"Who?\",\n \"context\": \"Ilse.\"\n}\n")
            .Should()
            .ContainSingle()
            .Which.Row!.Id.Should()
            .Be("a");

    [Fact]
    public void One_context_string_is_shared_by_its_questions()
    {
        var items = Read(Good + "\n" + Good.Replace("\"a\"", "\"b\""));

        items[1].Row!.Context.Should().BeSameAs(items[0].Row!.Context);
    }

    [Fact]
    public void A_title_after_the_paragraphs_is_said_to_be_lost()
    {
        var items = Read("{\"data\":[{\"paragraphs\":[{\"context\":\"Ilse.\",\"qas\":[" + Good + "]}],\"title\":\"t\"}]}");

        items[0].Row!.Title.Should().BeNull();
        items[1].Faults.Should().ContainSingle().Which.Code.Should().Be(DataFaultCode.LateTitle);
    }

    [Fact]
    public void The_first_lines_of_a_pipe_are_answered_before_the_next_ones_come()
    {
        using var pipe = new StallingStream(Encoding.UTF8.GetBytes(Good + "\n"));

        using var items = DataReader.Read(pipe, "pipe").GetEnumerator();

        items.MoveNext().Should().BeTrue();
        items.Current.Row!.Id.Should().Be("a");
    }

    [Fact]
    public void With_known_lines_even_a_bad_first_one_is_answered_at_once()
    {
        using var pipe = new StallingStream("{}\n"u8.ToArray());

        using var items = DataReader.Read(pipe, "pipe", new() { AssumeLines = true }).GetEnumerator();

        items.MoveNext().Should().BeTrue();
        items.Current.Faults.Should().HaveCount(3, "id, question and context are missing");
    }

    [Fact]
    public void A_byte_that_is_not_UTF_8_in_a_long_document_is_found_where_it_is()
    {
        var row = Encoding.UTF8.GetBytes(new string('é', 200_000));
        var start = Encoding.UTF8.GetBytes("[\n{\"id\":\"a\",\"question\":\"Who?\",\"context\":\"");
        byte[] bytes = [.. start, .. row, 0xE9, .. "\"}]"u8];

        var fault = DataReader.Read(new MemoryStream(bytes), "bytes").Last().Faults.Should().ContainSingle().Subject;

        fault.Code.Should().Be(DataFaultCode.NotUtf8);
        fault.Byte.Should().Be(start.Length + row.Length);
        fault.Place.Line.Should().Be(2);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said() =>
        FluentActions
            .Invoking(() => DataCheck.Inspect("no such file.json"))
            .Should()
            .Throw<DataException>()
            .WithMessage("no such file.json: cannot be read*");

    private static DataItem[] Read(string text, DataReaderOptions? options = null) =>
        [.. DataReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "text", options)];

    /// <summary>Fails the test where a reader asks for more than has come.</summary>
    private sealed class StallingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, count) is > 0 and var read ? read : throw new InvalidOperationException("would wait for ever");
    }
}
