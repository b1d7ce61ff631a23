using XDistilTorch.Data;

namespace XDistilTorch.Formats;

/// <summary>The fixtures of the JSON readers in other clothes.</summary>
public class GoldenFormatTests
{
    // What is wrong with the text of a JSON file, and not with its rows; and repetitions, of which the reader keeps one.
    private static readonly DataFaultCode[] OfTheFile =
    [
        DataFaultCode.GzipWithoutGzName,
        DataFaultCode.GzNameWithoutGzip,
        DataFaultCode.LateTitle,
        DataFaultCode.RepeatedRow,
    ];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void JSON_is_judged_as_before(string file)
    {
        if (file.EndsWith(".csv", StringComparison.Ordinal))
            return;
        var path = DataGolden.PathOf(file);

        var report = QuestionFile.Inspect(path);

        Codes(report).Should().Equal(Codes(DataCheck.Inspect(path)));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void Compressed_with_zstd_it_is_judged_as_before(string file)
    {
        var bytes = File.ReadAllBytes(DataGolden.PathOf(file));
        if (bytes is [0x1F, 0x8B, ..])
            return; // compressed once is enough

        var report = Written.Inspect(Written.Zstd(bytes));

        Codes(report).Should().Equal(Codes(Written.Inspect(bytes)));
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.ReadFiles), MemberType = typeof(DataGolden))]
    public void As_CSV_and_Parquet_the_rows_are_judged_as_before(string file)
    {
        var rows = DataCheck.Load(DataGolden.PathOf(file), DataUse.Evaluate, out var original);
        if (rows.Count == 0)
            return;
        foreach (var format in (QuestionFormat[])[QuestionFormat.Csv, QuestionFormat.Tsv, QuestionFormat.Parquet])
        {
            if (
                format == QuestionFormat.Parquet
                && rows.SelectMany(row => row.Answers ?? []).Any(it => it.Start is < int.MinValue or > int.MaxValue)
            )
                continue;
            var bytes = Written.As(format, rows);

            Written.Rows(bytes).ShouldEqual(rows);
            var report = Written.Inspect(bytes);
            var expected = original.Faults.Where(fault => !OfTheFile.Contains(fault.Code)).Select(Described);
            report.Faults.Select(Described).Should().BeEquivalentTo(expected, "{0}", format);
        }
    }

    [Fact]
    public void The_CSV_that_the_JSON_readers_refuse_is_read()
    {
        var path = DataGolden.PathOf("broken/rows.csv");

        var row = QuestionFile.Load(path, DataUse.Evaluate, out var report).Should().ContainSingle().Subject;

        DataCheck.Inspect(path).IsRefusedFor(DataUse.Evaluate).Should().BeTrue();
        report.Count.Should().Be(0);
        row.Should()
            .BeEquivalentTo(
                new
                {
                    Id = "r1",
                    Question = "why",
                    Context = "because",
                }
            );
        row.Place.Line.Should().Be(2);
    }

    private static IEnumerable<string> Codes(DataReport report) => report.Faults.Select(fault => fault.ToString());

    private static string Described(DataFault fault) =>
        $"{fault.Code.Name()} {fault.Id}: {fault.Reason} {fault.Evaluating} {fault.Training}";
}
