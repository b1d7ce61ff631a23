namespace XDistilTorch.Decoding;

public sealed class CalibrationFileTests : IDisposable
{
    private static readonly Calibration Sound = new()
    {
        Version = 1,
        Temperature = 1.25,
        NullThreshold = -0.5,
        Decoder = "calibrated",
        MaxLength = 384,
        Stride = 128,
        MaxAnswerLength = 30,
        DataSha256 = new string('a', 64),
        Questions = 1000,
        EceBefore = 0.08,
        EceAfter = 0.02,
        F1Before = 79.5,
        F1After = 80,
    };

    private const string Written = """
        {
          "version": 1,
          "temperature": 1.25,
          "null_threshold": -0.5,
          "decoder": "calibrated",
          "max_length": 384,
          "stride": 128,
          "max_answer_length": 30,
          "data_sha256": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "questions": 1000,
          "ece_before": 0.08,
          "ece_after": 0.02,
          "f1_before": 79.5,
          "f1_after": 80
        }

        """;

    private readonly string folder = Directory.CreateTempSubdirectory("calibration").FullName;

    private string FilePath => Path.Combine(folder, Calibration.FileName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_is_written_as_approved_and_read_back()
    {
        File.WriteAllText(FilePath, "what was there before");

        CalibrationFile.Write(FilePath, Sound);

        File.ReadAllText(FilePath).Should().Be(Written.ReplaceLineEndings("\n"));
        CalibrationFile.ReadFolder(folder).Should().Be(Sound);
        Directory.GetFiles(folder).Should().ContainSingle("no temporary file stays");
    }

    [Fact]
    public void A_folder_without_one_has_none() => CalibrationFile.ReadFolder(folder).Should().BeNull();

    [Fact]
    public void It_holds_the_decoder_s_settings() =>
        Sound
            .ToOptions()
            .Should()
            .Be(
                new CalibratedDecoderOptions
                {
                    Temperature = 1.25,
                    NullThreshold = -0.5,
                    MaxAnswerLength = 30,
                }
            );

    [Theory]
    [InlineData("\"questions\": 1000,", "", "questions")]
    [InlineData("\"questions\": 1000,", "\"questions\": 1000, \"questions\": 1000,", "questions")]
    [InlineData("\"questions\": 1000,", "\"questions\": 1000, \"note\": 1,", "note")]
    [InlineData("\"questions\": 1000,", "\"questions\": \"1000\",", "questions")]
    [InlineData("\"questions\": 1000,", "\"questions\": 1e3,", "questions")]
    [InlineData("\"decoder\": \"calibrated\"", "\"decoder\": null", "decoder")]
    [InlineData("\"f1_after\": 80", "\"f1_after\": 80,", "line")]
    [InlineData("\"f1_after\": 80", "\"f1_after\": NaN", "f1_after")]
    [InlineData("\"version\": 1,", "// one\n", "line")]
    public void What_is_no_calibration_is_refused_with_file_field_and_remedy(string sound, string broken, string named)
    {
        File.WriteAllText(FilePath, Written.Replace(sound, broken, StringComparison.Ordinal));

        FluentActions
            .Invoking(() => CalibrationFile.Read(FilePath))
            .Should()
            .Throw<CalibrationException>()
            .Which.Message.Should()
            .StartWith(FilePath)
            .And.ContainEquivalentOf(named)
            .And.Contain("xdistil model calibrate");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Other_contents_are_refused(string text)
    {
        File.WriteAllText(FilePath, text);

        FluentActions
            .Invoking(() => CalibrationFile.Read(FilePath))
            .Should()
            .Throw<CalibrationException>()
            .WithMessage("*not a calibration*");
    }

    [Fact]
    public void Every_field_out_of_range_is_named_in_one_message_and_nothing_is_written()
    {
        var broken = Sound with
        {
            Version = 2,
            Temperature = 0,
            NullThreshold = double.NaN,
            Decoder = "squad",
            MaxLength = 0,
            Stride = 384,
            MaxAnswerLength = 0,
            DataSha256 = "abc",
            Questions = 0,
            EceBefore = -0.1,
            EceAfter = 1.1,
            F1Before = 101,
            F1After = double.NaN,
        };

        var message = FluentActions
            .Invoking(() => CalibrationFile.Write(FilePath, broken))
            .Should()
            .Throw<CalibrationException>()
            .Which.Message;

        foreach (
            var field in "version temperature null_threshold decoder max_length stride max_answer_length data_sha256 questions ece_before ece_after f1_before f1_after".Split(
                ' '
            )
        )
            message.Should().Contain($"{field} is ");
        Directory.GetFiles(folder).Should().BeEmpty();
    }

    [Fact]
    public void A_place_that_cannot_be_written_keeps_what_it_has()
    {
        Directory.CreateDirectory(FilePath);

        FluentActions
            .Invoking(() => CalibrationFile.Write(FilePath, Sound))
            .Should()
            .Throw<Exception>()
            .Which.Should()
            .Match(e => e is IOException || e is UnauthorizedAccessException);
        Directory.GetFileSystemEntries(folder).Should().ContainSingle();
    }
}
