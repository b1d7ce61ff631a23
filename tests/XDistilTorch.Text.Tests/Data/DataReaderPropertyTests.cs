using System.IO.Compression;
using CsCheck;

namespace XDistilTorch.Data;

public class DataReaderPropertyTests
{
    [Fact]
    public void Any_bytes_are_read_or_told_to_be_faulty() => Gen.Byte.Array[0, 300].Sample(ShouldBeReadOrTold, iter: 3000);

    [Fact]
    public void Any_mixture_of_JSON_pieces_is_read_or_told_to_be_faulty()
    {
        string[] pieces =
        [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\n",
            " ",
            "\"data\"",
            "\"paragraphs\"",
            "\"qas\"",
            "\"context\"",
            "\"id\"",
            "\"title\"",
            "\"question\"",
            "\"answers\"",
            "\"text\"",
            "\"answer_start\"",
            "\"\\ud800\"",
            "1",
            "-1e9",
            "null",
            "true",
            "\"x\"",
        ];
        Gen.Int[0, pieces.Length - 1]
            .Array[0, 60]
            .Sample(
                picks => ShouldBeReadOrTold(System.Text.Encoding.UTF8.GetBytes(string.Concat(picks.Select(i => pieces[i])))),
                iter: 5000
            );
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void A_file_cut_anywhere_is_read_or_told_to_be_faulty(string file)
    {
        var bytes = File.ReadAllBytes(DataGolden.PathOf(file));
        var step = 1 + (bytes.Length / 400);
        for (var length = 0; length < bytes.Length; length += step)
            ShouldBeReadOrTold(bytes[..length]);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(DataGolden.Files), MemberType = typeof(DataGolden))]
    public void A_file_with_other_bytes_in_it_is_read_or_told_to_be_faulty(string file)
    {
        var bytes = File.ReadAllBytes(DataGolden.PathOf(file));
        if (bytes.Length is 0 or > 5000)
            return;
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    var changed = (byte[])bytes.Clone();
                    foreach (var (at, value) in changes)
                        changed[at] = value;
                    ShouldBeReadOrTold(changed);
                },
                iter: 100
            );
    }

    [Fact]
    public void A_compressed_file_cut_anywhere_is_refused() =>
        DataExamples.Rows.Sample(
            rows =>
            {
                using var written = new MemoryStream();
                using (var compressed = new GZipStream(written, CompressionLevel.Fastest, leaveOpen: true))
                    DataWriter.Write(compressed, DataFormat.JsonLines, rows);
                var bytes = written.ToArray();
                DataCheck.Inspect(new MemoryStream(bytes), "whole").IsRefusedFor(DataUse.Evaluate).Should().BeFalse();
                for (var length = 0; length < bytes.Length; length++)
                    DataCheck
                        .Inspect(new MemoryStream(bytes, 0, length), "cut")
                        .IsRefusedFor(DataUse.Evaluate)
                        .Should()
                        .BeTrue("cut at {0}", length);
            },
            iter: 20
        );

    [Fact]
    public void However_the_bytes_come_the_same_is_read() =>
        Gen.Select(DataExamples.Rows, Gen.Enum<DataFormat>(), Gen.Int[1, 50])
            .Sample(
                (rows, format, most) =>
                {
                    using var written = new MemoryStream();
                    DataWriter.Write(written, format, rows);

                    using var slow = new SlowStream(written.ToArray(), most);
                    DataReader.Read(slow, "slow").Count(item => item.Row is not null).Should().Be(rows.Length);
                },
                iter: 300
            );

    private static void ShouldBeReadOrTold(byte[] bytes)
    {
        foreach (var item in DataReader.Read(new MemoryStream(bytes), "bytes"))
        {
            (item.Row is not null || item.Faults.Count > 0).Should().BeTrue();
            foreach (var fault in item.Faults)
                fault.ToString().Should().NotBeEmpty();
            foreach (var answer in item.Row?.Answers ?? [])
                answer.Span?.Of(item.Row!.Context).Should().Be(answer.Text);
        }
    }
}
