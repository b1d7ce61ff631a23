using CsCheck;
using XDistilTorch.Data;

namespace XDistilTorch.Formats;

/// <summary>Broken files are told in one fault, and nothing of the libraries beneath shows.</summary>
public class DamageTests
{
    private static readonly QuestionRow[] Rows =
    [
        .. Enumerable
            .Range(0, 40)
            .Select(i => new QuestionRow
            {
                Id = $"i{i}",
                Title = "tea",
                Question = $"Who drinks cup {i}?",
                Context = $"Ada drinks cup {i}.",
                Answers = [new("Ada", 0, new(0, 3))],
            }),
    ];

    [Fact]
    public void Parquet_cut_anywhere_is_refused()
    {
        var bytes = Written.As(QuestionFormat.Parquet, Rows);
        for (var length = 4; length < bytes.Length; length += 7)
            Written.Inspect(bytes[..length]).IsRefusedFor(DataUse.Evaluate).Should().BeTrue("cut at {0}", length);
        // A length of the description of the columns that cannot be.
        foreach (var length in (byte[])[0, 0xFF])
            Written.Inspect([.. bytes[..^8], length, length, length, length, .. "PAR1"u8]).Faults.Should().ContainSingle();
        Written.Inspect(bytes[..100]).Faults.Should().ContainSingle().Which.Code.Should().Be(DataFaultCode.ParquetBroken);
    }

    [Fact]
    public void Zstd_cut_anywhere_is_refused()
    {
        var bytes = Written.Zstd(Written.As(QuestionFormat.JsonLines, Rows));
        for (var length = 4; length < bytes.Length; length++)
        {
            var report = Written.Inspect(bytes[..length]);
            report.IsRefusedFor(DataUse.Evaluate).Should().BeTrue("cut at {0}", length);
            report.Faults[^1].Code.Should().Be(DataFaultCode.ZstdBroken);
        }
        Written.Inspect([.. bytes, .. "more"u8]).Faults.Should().ContainSingle().Which.Code.Should().Be(DataFaultCode.ZstdBroken);
        Written.Rows([.. bytes, .. Written.Zstd("\n"u8.ToArray())]).Should().HaveCount(Rows.Length, "frames may follow each other");
    }

    [Theory]
    [InlineData(QuestionFormat.Csv)]
    [InlineData(QuestionFormat.Parquet)]
    public void Other_bytes_inside_are_read_or_told(QuestionFormat format)
    {
        var whole = Written.As(format, Rows[..6]);
        foreach (var bytes in (byte[][])[whole, Written.Zstd(whole)])
            Gen.Select(Gen.Int[4, bytes.Length - 1], Gen.Byte)
                .Array[1, 3]
                .Sample(
                    changes =>
                    {
                        var changed = (byte[])bytes.Clone();
                        foreach (var (at, value) in changes)
                            changed[at] = value;
                        foreach (var item in QuestionFile.Read(new MemoryStream(changed), "bytes"))
                            (item.Row is not null || item.Faults.Count > 0).Should().BeTrue();
                    },
                    iter: 300
                );
    }

    [Fact]
    public async Task Every_byte_of_a_Parquet_file_may_be_wrong_and_reading_ends()
    {
        var whole = Written.As(QuestionFormat.Parquet, Rows[..6]);
        var reading = Task.Run(
            () =>
            {
                for (var at = 4; at < whole.Length; at++)
                    foreach (var value in (byte[])[0, 0x19, 0x7F, 0x80, 0xFC, 0xFF])
                    {
                        var changed = (byte[])whole.Clone();
                        changed[at] = value;
                        last = (at, value, whole.Length);
                        foreach (var item in QuestionFile.Read(new MemoryStream(changed), "bytes"))
                            (item.Row is not null || item.Faults.Count > 0).Should().BeTrue();
                    }
            },
            TestContext.Current.CancellationToken
        );

        (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)))
            .Should()
            .BeSameAs(reading, "reading should end; the last change was {0}", last);
        await reading;
    }

    private (int At, byte Value, int Length) last;

    [Fact]
    public void A_description_that_leads_the_library_round_for_ever_is_told()
    {
        var bytes = Written.As(QuestionFormat.Parquet, Rows[..6]);
        var description = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        bytes[description + 2].Should().Be(0x19, "the second field is the list of columns");
        bytes[description + 3] = 0xF1; // whose items are said to be truths now

        Written.Inspect(bytes).Faults.Should().ContainSingle().Which.Code.Should().Be(DataFaultCode.ParquetBroken);
    }

    [Fact]
    public void Names_that_do_not_fit_the_contents_are_told()
    {
        using var folder = new TemporaryFolder();
        var lines = Written.As(QuestionFormat.JsonLines, Rows);
        File.WriteAllBytes(folder.At("plain.jsonl.zst"), lines);
        File.WriteAllBytes(folder.At("packed.jsonl"), Written.Zstd(lines));

        Codes(folder.At("plain.jsonl.zst")).Should().Equal(DataFaultCode.ZstNameWithoutZstd);
        Codes(folder.At("packed.jsonl")).Should().Equal(DataFaultCode.ZstdWithoutZstName);

        static IEnumerable<DataFaultCode> Codes(string path)
        {
            var report = QuestionFile.Inspect(path);
            report.Readable.Should().Be(Rows.Length);
            return report.Faults.Select(fault => fault.Code);
        }
    }

    [Fact]
    public void Rows_that_end_in_an_exception_leave_what_was_there()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["a.csv", "a.parquet", "a.json.zst", "a.jsonl.gz"])
        {
            File.WriteAllText(folder.At(name), "old");

            var write = () => QuestionFile.Write(folder.At(name), FileName.Format(name)!.Value, Failing());

            write.Should().Throw<DataException>().WithMessage("no more");
            File.ReadAllText(folder.At(name)).Should().Be("old");
        }
        folder.Names.Should().HaveCount(4);

        static IEnumerable<QuestionRow> Failing()
        {
            yield return Rows[0];
            throw new DataException("no more");
        }
    }

    [Fact]
    public void What_a_format_cannot_hold_is_refused()
    {
        using var folder = new TemporaryFolder();
        QuestionRow far = Rows[0] with { Answers = [new("Ada", 1L << 40, null)] };
        QuestionRow half = Rows[0] with { Context = "\ud83c" };

        Writing("a.parquet", far).Should().Throw<DataException>().WithMessage("*\"i0\"*1099511627776*32 bits*");
        Writing("a.parquet", half).Should().Throw<DataException>().WithMessage("*\"i0\"*surrogate*");
        Writing("a.csv", half).Should().Throw<DataException>().WithMessage("*\"i0\"*surrogate*");
        Writing("a.parquet.zst", Rows[0]).Should().Throw<DataException>().WithMessage("*compressed inside*");
        Writing("nowhere/a.csv", Rows[0]).Should().Throw<DataException>().WithMessage("*cannot be written*");
        folder.Names.Should().BeEmpty();

        Action Writing(string name, QuestionRow row) => () => QuestionFile.Write(folder.At(name), FileName.Format(name)!.Value, [row]);
    }
}
