using System.Text.Json;

namespace XDistilTorch.Data;

public class DataGoldenTests
{
    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void The_verdict_and_every_fault_equal_the_reference(string file)
    {
        var golden = DataGolden.Of(file);

        var report = DataCheck.Inspect(DataGolden.PathOf(file));

        Verdict(report, DataUse.Evaluate).Should().Be(golden.GetProperty("evaluate").GetString(), "{0}", report.Faults);
        Verdict(report, DataUse.Train).Should().Be(golden.GetProperty("train").GetString(), "{0}", report.Faults);
        report
            .Faults.Select(Described)
            .Should()
            .BeEquivalentTo(golden.GetProperty("issues").EnumerateArray().Select(Described), "{0}", string.Join('\n', report.Faults));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void Faults_carry_what_the_reference_says_of_them(string file)
    {
        var found = DataCheck.Inspect(DataGolden.PathOf(file)).Faults.ToList();

        foreach (var issue in DataGolden.Of(file).GetProperty("issues").EnumerateArray())
        {
            var fault = found.First(it => Described(it) == Described(issue));
            found.Remove(fault);
            fault.Reason.Should().NotBeEmpty();
            fault.Remedy.Should().NotBeEmpty();
            foreach (var detail in issue.EnumerateObject())
                ShouldAgree(fault, detail);
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.ReadFiles), MemberType = typeof(DataGolden))]
    public void The_questions_equal_the_reference(string file)
    {
        var golden = DataGolden.Of(file);

        var rows = DataCheck.Load(DataGolden.PathOf(file), DataUse.Evaluate, out _);

        rows.Should().HaveCount(golden.GetProperty("questions").GetInt32());
        foreach (var (row, expected) in rows.Zip(golden.GetProperty("read").EnumerateArray()))
            ShouldEqual(row, expected);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void A_stream_that_gives_a_byte_at_a_time_reads_the_same(string file)
    {
        var bytes = File.ReadAllBytes(DataGolden.PathOf(file));
        if (bytes.Length > 3000)
            return;

        using var slow = new SlowStream(bytes);
        var slowly = DataCheck.Inspect(slow, file);

        var atOnce = DataCheck.Inspect(new MemoryStream(bytes), file);
        slowly.Faults.Select(fault => fault.ToString()).Should().Equal(atOnce.Faults.Select(fault => fault.ToString()));
        slowly.Readable.Should().Be(atOnce.Readable);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void A_refused_file_is_refused_in_one_message_with_all_its_faults(string file)
    {
        var report = DataCheck.Inspect(DataGolden.PathOf(file));
        foreach (var use in Enum.GetValues<DataUse>())
        {
            var load = () => DataCheck.Load(DataGolden.PathOf(file), use, out _);
            if (!report.IsRefusedFor(use))
            {
                load.Should().NotThrow();
                continue;
            }
            var message = load.Should().Throw<DataException>().Which.Message;
            message.Should().StartWith(report.Name);
            foreach (var fault in report.Faults.Where(it => it.SeverityFor(use) == DataSeverity.Error))
                message.Should().Contain(fault.ToString());
        }
    }

    private static string Verdict(DataReport report, DataUse use) =>
        report.IsRefusedFor(use) ? "refuse"
        : report.Count > 0 ? "warn"
        : "accept";

    private static string Described(DataFault fault) =>
        $"{fault.Code.Name()} at {fault.Place.Line}: {Word(fault.Evaluating)}, {Word(fault.Training)}";

    private static string Described(JsonElement issue) =>
        $"{issue.GetProperty("code").GetString()} at {(issue.TryGetProperty("line", out var line) ? line.ToString() : "")}: "
        + $"{issue.GetProperty("evaluate").GetString()}, {issue.GetProperty("train").GetString()}";

    private static string Word(DataSeverity severity) => severity == DataSeverity.Error ? "refuse" : "warn";

    private static void ShouldAgree(DataFault fault, JsonProperty detail)
    {
        switch (detail.Name)
        {
            case "path":
                fault.Place.Path.Should().Be(detail.Value.GetString());
                break;
            case "id":
                fault.Id.Should().Be(detail.Value.GetString());
                break;
            case "byte":
                fault.Byte.Should().Be(detail.Value.GetInt64());
                break;
            case "key":
                fault.Key.Should().Be(detail.Value.GetString());
                break;
            case "expected":
                fault.Expected.Should().Be(detail.Value.GetString());
                break;
            case "found":
                fault.Found.Should().Be(JsonWord(detail.Value.GetString()!));
                break;
            case "text_found_at":
                fault.TextFoundAt.Should().Equal(detail.Value.EnumerateArray().Select(it => it.GetInt32()));
                break;
        }
    }

    // The reference names types as Python does.
    private static string JsonWord(string python) =>
        python switch
        {
            "dict" => "object",
            "list" => "array",
            "str" => "string",
            "int" => "integer",
            "float" => "number",
            "bool" => "boolean",
            _ => python,
        };

    private static void ShouldEqual(QuestionRow row, JsonElement golden)
    {
        row.Id.Should().Be(golden.GetProperty("id").GetString());
        row.Question.Should().Be(golden.GetProperty("question").GetString());
        row.Context.Length.Should().Be(golden.GetProperty("context_utf16").GetInt32());
        new CodePointIndex(row.Context).Count.Should().Be(golden.GetProperty("context_code_points").GetInt32());
        var answers = golden.GetProperty("answers");
        if (answers.ValueKind == JsonValueKind.Null)
        {
            row.Answers.Should().BeNull();
            return;
        }
        row.Answers.Should().HaveCount(answers.GetArrayLength());
        foreach (var (answer, expected) in row.Answers!.Zip(answers.EnumerateArray()))
        {
            answer.Text.Should().Be(expected.GetProperty("text").GetString());
            answer.Start.Should().Be((long)Math.Clamp(expected.GetProperty("start").GetDecimal(), long.MinValue, long.MaxValue));
            var unit = expected.GetProperty("start_utf16");
            answer.Span?.Start.Should().Be(unit.ValueKind == JsonValueKind.Null ? null : unit.GetInt32());
            (answer.Span is null).Should().Be(unit.ValueKind == JsonValueKind.Null);
            answer.Span?.Of(row.Context).Should().Be(answer.Text);
        }
    }
}
