using System.Text.Json;
using XDistilTorch.Modeling;
using XDistilTorch.Tests;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil train</c> with a small model.</summary>
public sealed class TrainCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-train-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(params string[] names) => Path.Combine([folder, .. names]);

    private string Text(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    private string Rows(string name = "train.jsonl", int count = 16, int seed = 1) =>
        TrainingRows.Write(At(name), TrainingRows.Of(count, seed));

    // The same model, cut to 12 positions.
    private string ShortTeacher()
    {
        var teacher = Directory.CreateDirectory(At("teacher")).FullName;
        var config = BertConfig.FromFile(model.File("config.json")) with { MaxPositionEmbeddings = 12 };
        using var shorter = new BertForQuestionAnswering(config);
        shorter.SavePretrained(teacher, BertTokenizer.FromPretrained(model.Path));
        return teacher;
    }

    private Task<CommandRun> Train(params string[] arguments) => CommandRun.Of(["train", "--model", model.Path, .. arguments]);

    [Fact]
    public async Task A_training_prints_what_it_came_to_and_leaves_a_model_folder()
    {
        var run = await Train(
            "--train-file",
            Rows(),
            "--dev-file",
            Rows("dev.jsonl", 8, 2),
            "--output",
            At("out"),
            "--learning-rate",
            "1e-2",
            "--num-train-epochs",
            "8"
        );

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Match("out: 16 steps over * windows, loss of the first tenth *exact match*F1*loss*on dev.jsonl, 8 questions*");
        run.Error.Should().Match($"*{At("out")}: written; *report.html shows how it went.*");
        Directory
            .GetFileSystemEntries(At("out"))
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(
                "README.md",
                "checkpoint-16",
                "config.json",
                "dev_predictions.before.json",
                "dev_predictions.json",
                "model.safetensors",
                "report.html",
                "runs",
                "special_tokens_map.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "training.json",
                "training_log.jsonl",
                "vocab.txt"
            );
        (await CommandRun.Of("ask", "--model", At("out"), "--question", "who?", "--context", "the clock was repaired by osei"))
            .ExitCode.Should()
            .Be(0);
        (await CommandRun.Of("ask", "--model", At("out", "checkpoint-16"), "--question", "who?", "--context", "osei"))
            .ExitCode.Should()
            .Be(0);
        var again = await Train(
            "--train-file",
            At("train.jsonl"),
            "--dev-file",
            At("dev.jsonl"),
            "--output",
            At("out"),
            "--learning-rate",
            "1e-2",
            "--num-train-epochs",
            "8",
            "--resume"
        );
        again.Error.Should().Match("*out: is finished and whole, 16 steps.*");
    }

    [Fact]
    public async Task Options_may_come_from_a_file_and_the_command_line_goes_before()
    {
        var config = Text(
            "config.json",
            $$"""{"train_file": {{JsonSerializer.Serialize(Rows())}}, "learning_rate": 0.001, "max_steps": 3, "freeze_embeddings": true, "seeds": null, "lr_scheduler_type": "cosine", "dtype": "fp16"}"""
        );

        var run = await Train("--config", config, "--max-steps", "2", "--output", At("out"), "--json");

        run.ExitCode.Should().Be(0, run.Error);
        var record = JsonDocument.Parse(run.Output).RootElement;
        var options = record.GetProperty("options");
        options.GetProperty("learning_rate").GetDouble().Should().Be(0.001);
        options.GetProperty("max_steps").GetInt32().Should().Be(2);
        options.GetProperty("freeze_embeddings").GetBoolean().Should().BeTrue();
        options.GetProperty("lr_scheduler_type").GetString().Should().Be("cosine");
        record.GetProperty("run").GetProperty("dtype").GetString().Should().Be("float16");
        record.GetProperty("result").GetProperty("steps").GetInt32().Should().Be(2);
    }

    [Theory]
    [InlineData("""{"learning-rate": 1}""", "*config.json: \"learning-rate\" is no option (did you mean \"learning_rate\"?)*")]
    [InlineData(
        """{"lerning_rate": 1, "freeze": 2}""",
        "*\"lerning_rate\" is no option; \"freeze\" is no option (did you mean \"freeze_embeddings\"?)*"
    )]
    [InlineData("""{"learning_rate": "high"}""", "*config.json: --learning-rate is high, expected a number*")]
    [InlineData("""{"resume": "yes"}""", "*\"resume\" is \"yes\", expected true or false*")]
    [InlineData("""{"seed": true}""", "*\"seed\" is true, expected its value*")]
    [InlineData("[1]", "*config.json: holds a JSON array, expected an object of options*")]
    [InlineData("{", "*config.json: cannot be read as JSON*")]
    public async Task A_wrong_config_is_told(string json, string message) =>
        (await Train("--config", Text("config.json", json), "--train-file", Rows(), "--output", At("out"))).ShouldFail(2, message);

    [Fact]
    public async Task A_plan_is_shown_and_nothing_is_written()
    {
        var run = await Train(
            "--train-file",
            Rows(),
            "--dev-file",
            Rows("dev.jsonl", 8, 2),
            "--dry-run",
            "--per-device-train-batch-size",
            "4"
        );

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .Match(
                "*questions * 16*windows *windows with an answer *tokens of an epoch *padding *steps * 12*parameters *tokens a second *time to train *evaluations * 4*memory * GB*checkpoints on the disk*"
            );
        Directory.GetFileSystemEntries(folder).Should().HaveCount(2, "there are the two files of questions");
    }

    [Fact]
    public async Task Several_seeds_give_mean_and_deviation()
    {
        string[] arguments =
        [
            "--train-file",
            Rows(),
            "--dev-file",
            Rows("dev.jsonl", 8, 2),
            "--output",
            At("runs"),
            "--max-steps",
            "2",
            "--seeds",
            "1,5",
            "--dropout",
            "0.2",
        ];

        var run = await Train(arguments);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().Match("*seed*training loss*1 *5 *mean *deviation *");
        File.Exists(At("runs", "seed-5", "model.safetensors")).Should().BeTrue();
        var again = await Train([.. arguments, "--resume", "--json"]);
        again.ExitCode.Should().Be(0, again.Error);
        var summary = JsonDocument.Parse(again.Output).RootElement;
        again.Output.Trim().Should().Be(File.ReadAllText(At("runs", "seeds.json")).Trim());
        double[] losses = [.. summary.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetProperty("train_loss").GetDouble())];
        losses[0].Should().NotBe(losses[1]);
        summary
            .GetProperty("train_loss")
            .GetProperty("deviation")
            .GetDouble()
            .Should()
            .BeApproximately(Math.Abs(losses[0] - losses[1]) / Math.Sqrt(2), 1e-12);
        File.WriteAllText(At("runs", "notes.txt"), "");
        (await Train([.. arguments, "--resume"])).ShouldFail(1, "*runs: holds notes.txt*");
    }

    [Fact]
    public async Task A_plan_can_be_read_by_machines_and_says_that_there_are_several()
    {
        var run = await Train(
            "--train-file",
            Rows(),
            "--dry-run",
            "--json",
            "--seeds",
            "1,2,3",
            "--per-device-train-batch-size",
            "2147483647",
            "--num-train-epochs",
            "1e6"
        );

        run.ExitCode.Should().Be(0, run.Error);
        var plan = JsonDocument.Parse(run.Output).RootElement;
        plan.GetProperty("questions").GetInt32().Should().Be(16);
        plan.GetProperty("steps").GetInt64().Should().Be(1_000_000);
        plan.GetProperty("training_seconds").GetDouble().Should().BePositive();
        run.Error.Should().Match("*this is one of 3 trainings, one for each seed*");
    }

    [Fact]
    public async Task The_options_of_a_training_are_a_config_for_the_next()
    {
        (
            await Train(
                "--train-file",
                Rows(),
                "--output",
                At("first"),
                "--max-steps",
                "1",
                "--lr-scheduler-type",
                "constant",
                "--warmup-steps",
                "0"
            )
        )
            .ExitCode.Should()
            .Be(0);
        var options = JsonDocument.Parse(File.ReadAllText(At("first", "training.json"))).RootElement.GetProperty("options").GetRawText();

        var run = await Train(
            "--config",
            Text("options.json", options),
            "--train-file",
            At("train.jsonl"),
            "--output",
            At("second"),
            "--seeds",
            "5",
            "--max-steps",
            "-1",
            "--num-train-epochs",
            "1"
        );

        run.ExitCode.Should().Be(0, run.Error);
        JsonDocument
            .Parse(File.ReadAllText(At("second", "seed-5", "training.json")))
            .RootElement.GetProperty("options")
            .GetProperty("lr_scheduler_type")
            .GetString()
            .Should()
            .Be("constant");
    }

    [Theory]
    [InlineData("--train-file is missing", "--output", "out")]
    [InlineData("--output is missing", "--train-file", "train.jsonl")]
    [InlineData("--eval-steps needs --dev-file", "--train-file", "train.jsonl", "--output", "out", "--eval-steps", "3")]
    [InlineData("--seed and --seeds exclude each other", "--train-file", "train.jsonl", "--output", "out", "--seed", "3", "--seeds", "1,2")]
    [InlineData("--seeds is 1,1, expected different numbers", "--train-file", "train.jsonl", "--output", "out", "--seeds", "1,1")]
    [InlineData("--learning-rate is -1, expected 0 or more", "--train-file", "train.jsonl", "--output", "out", "--learning-rate", "-1")]
    [InlineData("--dropout is 1, expected 0 or more and less than 1", "--train-file", "train.jsonl", "--output", "out", "--dropout", "1")]
    [InlineData("--max-steps is 0, expected 1 or more", "--train-file", "train.jsonl", "--output", "out", "--max-steps", "0")]
    [InlineData(
        "--replay is old.json, expected a file and the share",
        "--train-file",
        "train.jsonl",
        "--output",
        "out",
        "--replay",
        "old.json"
    )]
    [InlineData("--distill-layers needs --teacher", "--train-file", "train.jsonl", "--output", "out", "--distill-layers", "1")]
    [InlineData("training needs files", "--train-file", "-", "--output", "out")]
    [InlineData("--init is zero, expected random", "--train-file", "train.jsonl", "--output", "out", "--init", "zero")]
    public async Task Wrong_usage_is_told_before_anything_is_loaded(string message, params string[] arguments) =>
        (await Train(arguments)).ShouldFail(2, $"*{message}*");

    [Fact]
    public async Task Bad_data_is_told_before_the_first_step()
    {
        (await Train("--train-file", At("none.jsonl"), "--output", At("out"))).ShouldFail(1, "*none.jsonl: there is no such file*");
        (await Train("--train-file", Text("empty.jsonl", ""), "--output", At("out"))).ShouldFail(1, "*empty.jsonl*");
        (
            await Train(
                "--train-file",
                Text("no.jsonl", """{"id": "1", "question": "who?", "context": "the clock"}"""),
                "--output",
                At("out")
            )
        ).ShouldFail(1, "*no.jsonl*answers*");
        (
            await Train(
                "--train-file",
                Text(
                    "none.jsonl",
                    """{"id": "1", "question": "who?", "context": "the clock", "answers": {"text": [], "answer_start": []}}"""
                ),
                "--output",
                At("out")
            )
        ).ShouldFail(1, "*none.jsonl: there is nothing to learn: none of 1 questions has an answer*");
        (
            await Train(
                "--train-file",
                Text(
                    "lost.jsonl",
                    """{"id": "1", "question": "who?", "context": "the clock", "answers": {"text": ["osei"], "answer_start": [4]}}"""
                ),
                "--output",
                At("out")
            )
        ).ShouldFail(1, "*lost.jsonl*osei*");
        Directory.Exists(At("out")).Should().BeFalse("nothing is made before all is read");
    }

    [Fact]
    public async Task An_answer_at_a_wrong_offset_is_trained_where_it_was_found()
    {
        var data = Text(
            "off.jsonl",
            """{"id": "1", "question": "who?", "context": "the clock by osei", "answers": {"text": ["osei"], "answer_start": [12]}}"""
        );

        var run = await Train("--train-file", data, "--output", At("out"), "--max-steps", "1");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Match("*off.jsonl: things that are odd: 1;*");
    }

    [Fact]
    public async Task What_does_not_go_together_is_told()
    {
        (await Train("--train-file", Rows(), "--output", At("out"), "--freeze-layers", "3")).ShouldFail(
            1,
            "*has 2 layers, of which 3 are to be frozen*"
        );
        (await Train("--train-file", Rows(), "--output", At("out"), "--max-length", "100")).ShouldFail(1, "*100*64*");
        (await Train("--train-file", Rows(), "--output", At("out"), "--teacher", BundledModel.Folder)).ShouldFail(
            1,
            "*the teacher's vocabulary is another one*"
        );
        (await Train("--train-file", Rows(), "--output", At("out"), "--teacher", ShortTeacher())).ShouldFail(
            1,
            "*the teacher has 12 positions*Give a --max-length*"
        );
        (await Train("--train-file", Rows(), "--output", At("out"), "--teacher", At("nobody"))).ShouldFail(
            1,
            "*--teacher: there is no folder*"
        );
        Directory.Exists(At("out")).Should().BeFalse();
    }
}
