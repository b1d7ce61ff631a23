using CsCheck;

namespace XDistilTorch.Data;

public class DataWriterTests
{
    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Select(DataExamples.Rows, Gen.Enum<DataFormat>())
            .Sample(
                (rows, format) =>
                {
                    using var written = new MemoryStream();
                    DataWriter.Write(written, format, rows);
                    written.Position = 0;

                    var read = DataReader.Read(written, "written").Select(item => item.Row!);

                    read.Should().BeEquivalentTo(rows, options => options.WithStrictOrdering().Excluding(row => row.Place));
                },
                iter: 1000
            );

    [Fact]
    public void Answers_without_a_start_stay_without() =>
        Gen.Select(DataExamples.Rows, Gen.Enum<DataFormat>())
            .Sample(
                (rows, format) =>
                {
                    var without = rows.Select(row => row with { Answers = [new GoldAnswer("x", null, null)] }).ToArray();
                    using var written = new MemoryStream();
                    DataWriter.Write(written, format, without);
                    written.Position = 0;

                    var read = DataReader.Read(written, "written", new() { AllowMissingStarts = true }).Select(item => item.Row!);

                    read.Should().BeEquivalentTo(without, options => options.WithStrictOrdering().Excluding(row => row.Place));
                },
                iter: 200
            );

    [Theory, InlineData("rows.json"), InlineData("rows.json.gz")]
    public void A_file_appears_whole_and_replaces_the_old_one(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At(name);
        File.WriteAllText(path, "old");

        DataWriter.Write(path, DataFormat.Squad, [Example("a"), Example("b")]);

        DataCheck.Load(path, DataUse.Train, out var report).Select(row => row.Id).Should().Equal("a", "b");
        report.Faults.Should().BeEmpty();
        folder.Names.Should().Equal(name);
    }

    [Fact]
    public void Nothing_changes_when_the_rows_end_in_a_fault()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("rows.jsonl");
        File.WriteAllText(path, "old");

        var write = () => DataWriter.Write(path, DataFormat.JsonLines, [Example("a"), Example("b") with { Question = "half \ud83c" }]);

        write.Should().Throw<DataException>().WithMessage("*\"b\"*question*half a surrogate pair*5*");
        File.ReadAllText(path).Should().Be("old");
        folder.Names.Should().Equal("rows.jsonl");
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();

        var write = () => DataWriter.Write(folder.At("no/rows.jsonl"), DataFormat.JsonLines, [Example("a")]);

        write.Should().Throw<DataException>().WithMessage("*cannot be written*");
    }

    private static QuestionRow Example(string id) =>
        new()
        {
            Id = id,
            Question = "Who mends the clock?",
            Context = "Ilse mends the clock.",
            Answers = [new GoldAnswer("Ilse", 0, new TextSpan(0, 4))],
        };
}
