using Tensorboard;
using XDistilTorch.Tests.Checkpoints;
using XDistilTorch.Training;

namespace XDistilTorch.Tests.Training;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static TrainingStep Step(long step) => new(step, step / 100.0, 3.5 / step, 5e-5 / step, 1 + (step % 7), 384);

    private static IEnumerable<(long Step, string Tag, float Value)> Scalars(IEnumerable<Event> events) =>
        events.Where(e => e.Summary is not null).SelectMany(e => e.Summary.Value.Select(value => (e.Step, value.Tag, value.SimpleValue)));

    [Fact]
    public void The_reader_of_these_tests_computes_the_checksum_of_the_standard() =>
        EventRecords.Crc32C("123456789"u8).Should().Be(0xE3069283u); // RFC 3720's CRC-32C, the usual check value

    [Fact]
    public void Steps_and_evaluations_come_back_as_scalars_over_the_steps()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using (var log = new TensorBoardLog(folder.At("runs/first")))
        {
            log.Add(new TrainingEvaluation(0, 0, 5.9, 10.5, 20.25, 30));
            log.Add(Step(1));
            log.Add(Step(3_000_000_000));
        }

        var file = Directory.GetFiles(folder.At("runs/first")).Should().ContainSingle().Which;
        Path.GetFileName(file).Should().MatchRegex(@"^events\.out\.tfevents\.\d{10}\.xdistil$");
        var events = EventRecords.Read(file);
        events[0].FileVersion.Should().Be("brain.Event:2");
        events.Should().OnlyContain(e => e.WallTime >= before && e.WallTime <= DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        Scalars(events)
            .Should()
            .Equal(
                (0, "eval/loss", 5.9f),
                (0, "eval/exact", 10.5f),
                (0, "eval/f1", 20.25f),
                (1, "train/loss", 3.5f),
                (1, "train/learning_rate", 5e-5f),
                (1, "train/grad_norm", 2f),
                (3_000_000_000, "train/loss", (float)(3.5 / 3e9)),
                (3_000_000_000, "train/learning_rate", (float)(5e-5 / 3e9)),
                (3_000_000_000, "train/grad_norm", 1 + (3_000_000_000 % 7))
            );
    }

    [Fact]
    public void A_file_begins_with_the_bytes_of_every_event_file()
    {
        using var log = new TensorBoardLog(folder.Path);

        using var file = new FileStream(log.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[12];
        file.ReadExactly(head);
        head.Should().Equal(0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22); // as TensorFlow writes them: 24 bytes follow, and their number's checksum
    }

    [Fact]
    public void What_was_flushed_is_readable_although_the_file_was_never_closed()
    {
        using var log = new TensorBoardLog(folder.Path);
        for (var step = 1; step <= 10_000; step++)
            log.Add(Step(step));
        log.Flush();

        Scalars(EventRecords.Read(log.Path)).Where(scalar => scalar.Tag == "train/loss").Should().HaveCount(10_000);
    }

    [Fact]
    public void A_file_begins_anew_and_removes_other_event_files_only()
    {
        folder.Write("events.out.tfevents.1500000000.elsewhere.7.0", "old");
        folder.Write("train_log.jsonl", "stays");
        using (var first = new TensorBoardLog(folder.Path))
            first.Add(Step(1));
        using var log = new TensorBoardLog(folder.Path);
        log.Add(Step(2));
        log.Flush();

        folder.Names.Should().BeEquivalentTo(Path.GetFileName(log.Path), "train_log.jsonl");
        Scalars(EventRecords.Read(log.Path)).Select(scalar => scalar.Step).Distinct().Should().Equal(2);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        folder.Write("file", "");

        FluentActions
            .Invoking(() => new TensorBoardLog(folder.At("file")))
            .Should()
            .Throw<TrainingException>()
            .WithMessage($"{folder.At("file")}*events.out.tfevents.*: cannot be written: *");
    }
}
