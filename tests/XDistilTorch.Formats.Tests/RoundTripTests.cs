using CsCheck;
using XDistilTorch.Data;

namespace XDistilTorch.Formats;

public class RoundTripTests
{
    public static TheoryData<QuestionFormat, string> Names
    {
        get
        {
            var names = new TheoryData<QuestionFormat, string>();
            foreach (
                var (format, ending) in ((QuestionFormat, string)[])
                    [
                        (QuestionFormat.Squad, ".json"),
                        (QuestionFormat.JsonLines, ".jsonl"),
                        (QuestionFormat.JsonArray, ".json"),
                        (QuestionFormat.Csv, ".csv"),
                        (QuestionFormat.Tsv, ".tsv"),
                    ]
            )
            foreach (var compression in (string[])["", ".gz", ".zst"])
                names.Add(format, ending + compression);
            names.Add(QuestionFormat.Parquet, ".parquet");
            return names;
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Rows_come_back_from_a_file_as_they_were(QuestionFormat format, string ending)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("rows" + ending);
        DataExamples.Rows.Sample(
            rows =>
            {
                QuestionFile.Write(path, format, rows);

                QuestionFile.Load(path, DataUse.Evaluate, out var report).ShouldEqual(rows);
                report.Faults.Where(fault => fault.Code != DataFaultCode.IsImpossibleContradictsAnswers).Should().BeEmpty();
            },
            iter: 30,
            threads: 1 // over one file
        );
        folder.Names.Should().ContainSingle("nothing temporary is left");
    }

    [Theory]
    [InlineData(QuestionFormat.Csv)]
    [InlineData(QuestionFormat.Tsv)]
    [InlineData(QuestionFormat.Parquet)]
    public void Rows_come_back_from_bytes_as_they_were(QuestionFormat format) =>
        DataExamples.Rows.Sample(
            rows =>
            {
                var bytes = Written.As(format, rows);
                foreach (var packed in (byte[][])[bytes, Written.Zstd(bytes), Written.Gzip(bytes)])
                {
                    Written.Inspect(packed).Faults.Where(fault => fault.Evaluating == DataSeverity.Error).Should().BeEmpty();
                    Written.Rows(packed).ShouldEqual(rows);
                }
            },
            iter: 100
        );

    [Theory]
    [InlineData(QuestionFormat.Squad)]
    [InlineData(QuestionFormat.JsonLines)]
    [InlineData(QuestionFormat.Csv)]
    [InlineData(QuestionFormat.Tsv)]
    [InlineData(QuestionFormat.Parquet)]
    public void What_is_absent_stays_apart_from_what_is_empty(QuestionFormat format)
    {
        var row = new QuestionRow
        {
            Id = "i",
            Question = "Who, \"if\" anyone?",
            Context = "Ada\tor\r\nBo; 🍵\r",
        };
        QuestionRow[] rows =
        [
            row with
            {
                Id = "1",
            },
            row with
            {
                Id = "2",
                Title = "",
                Answers = [],
            },
            row with
            {
                Id = "3",
                Title = "t",
                Answers = [new("Bo", null, null)],
                IsImpossible = false,
            },
            row with
            {
                Id = "4",
                Answers = [new("Bo", null, null), GoldAnswer.Of(row.Context, new(8, 10))],
            },
            row with
            {
                Id = "5",
                Answers = [],
                IsImpossible = true,
            },
        ];

        var read = Written.Rows(Written.As(format, rows), new() { AllowMissingStarts = true });

        read.ShouldEqual(rows);
    }

    [Fact]
    public void However_the_bytes_of_CSV_come_the_same_is_read() =>
        Gen.Select(DataExamples.Rows, Gen.Int[1, 50], Gen.Bool)
            .Sample(
                (rows, most, isCompressed) =>
                {
                    var bytes = Written.As(QuestionFormat.Csv, rows);
                    using var slow = new SlowStream(isCompressed ? Written.Zstd(bytes) : bytes, most);
                    QuestionFile.Read(slow, "slow").Select(item => item.Row!).ToList().ShouldEqual(rows);
                },
                iter: 100
            );
}
