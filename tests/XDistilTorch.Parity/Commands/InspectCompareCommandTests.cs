using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Modeling;
using XDistilTorch.Tests;
using static TorchSharp.torch;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect compare</c> with a small model, and with what becomes of it.</summary>
public sealed class InspectCompareCommandTests : IDisposable
{
    private readonly ModelFolder model = new(),
        tuned = new();
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-compare-").FullName;

    public InspectCompareCommandTests()
    {
        using var moving = BertForQuestionAnswering.FromPretrained(model.Path); // two folders made at once may have other random weights
        using (no_grad())
            moving.get_parameter("qa_outputs.weight")!.neg_();
        CheckpointWriter.Save(moving, tuned.File("model.safetensors"));
    }

    public void Dispose()
    {
        model.Dispose();
        tuned.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private Task<CommandRun> Compare(params string[] more) => CommandRun.Of(["inspect", "compare", "--model", model.Path, .. more]);

    private string At(string name) => Path.Combine(folder, name);

    private static readonly string[] OneQuestion = ["--question", "who repaired the clock?", "--context", "the clock was repaired by osei"];

    [Fact]
    public async Task A_file_of_questions_gives_lines_a_page_and_a_summary()
    {
        var data = TrainingRows.Write(At("rows.jsonl"), TrainingRows.Of(8));

        var run = await Compare(
            "--with",
            tuned.Path,
            "--data",
            data,
            "--limit",
            "6",
            "--output",
            At("c.jsonl"),
            "--html",
            At("c.html"),
            "--json"
        );

        run.ExitCode.Should().Be(0, run.Error);
        var summary = JsonDocument.Parse(run.Output).RootElement.GetProperty("summary");
        summary.GetProperty("questions").GetInt32().Should().Be(6);
        summary
            .GetProperty("hidden_similarity")[2]
            .GetProperty("mean")
            .GetDouble()
            .Should()
            .BeApproximately(1, 1e-6, "only the head was turned round");
        summary.GetProperty("answer_divergence").GetProperty("mean").GetDouble().Should().BePositive();
        summary.GetProperty("parameters")[0].GetProperty("name").GetString().Should().Be("qa_outputs.weight");
        File.ReadAllLines(At("c.jsonl")).Should().HaveCount(7).And.HaveElementAt(6, run.Output.TrimEnd());
        File.ReadAllText(At("c.html")).Should().Contain("rows.jsonl: 6 questions");
        (await Compare("--with", tuned.Path, "--data", data, "--html", At("c.html"))).ShouldFail(
            1,
            "*c.html: is there already*--overwrite*"
        );
        (await Compare("--with", tuned.Path, "--data", data, "--output", At("c.jsonl"))).ShouldFail(1, "*c.jsonl: is there already*");
    }

    [Fact]
    public async Task One_question_is_told_with_both_answers()
    {
        var run = await Compare(["--with", tuned.Path, .. OneQuestion]);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .Match(
                "before: *after: *1 question in 1 window*embeddings*The cosine shows*parameters moved: 1 of *qa_outputs.weight*answers changed: * of 1*who repaired the clock?* -> *"
            );
    }

    [Fact]
    public async Task The_same_folder_twice_moved_nowhere()
    {
        var run = await Compare(["--with", model.Path, "--json", .. OneQuestion]);

        run.ExitCode.Should().Be(0, run.Error);
        var summary = JsonDocument.Parse(run.Output).RootElement.GetProperty("summary");
        (summary.GetProperty("changed").GetInt32(), summary.GetProperty("relative_movement").GetDouble()).Should().Be((0, 0));
        summary.GetProperty("scores").ValueKind.Should().Be(JsonValueKind.Null, "nobody said what is right");
    }

    [Fact]
    public async Task What_does_not_go_is_refused_before_the_work()
    {
        var empty = At("empty.jsonl");
        File.WriteAllText(empty, "");
        (await Compare(["--with", At("nothing"), .. OneQuestion])).ShouldFail(1, "*--with: there is no folder *nothing*");
        (await Compare(["--with", "", .. OneQuestion])).ShouldFail(2, "*--with is empty*");
        (await Compare(OneQuestion)).ShouldFail(2, "*--with*is required*");
        (await Compare("--with", tuned.Path)).ShouldFail(2, "*give --question with a text, or --data*");
        (await Compare(["--with", tuned.Path, "--data", empty, .. OneQuestion])).ShouldFail(2, "*exclude each other*");
        (await Compare(["--with", tuned.Path, "--limit", "3", .. OneQuestion])).ShouldFail(2, "*--limit needs --data*");
        (await Compare("--with", tuned.Path, "--data", empty)).ShouldFail(1, "*empty.jsonl: *question*");
        (await Compare("--with", tuned.Path, "--data", At("none.jsonl"))).ShouldFail(1, "*none.jsonl: there is no such file*");
        (await CommandRun.Of(["inspect", "compare", "--model", model.Path, "--with", BundledModel.Folder, .. OneQuestion])).ShouldFail(
            1,
            "*do not compare:*num_hidden_layers is 2 and 12*hidden_size is 32 and 384*vocab_size*token ids stand for other tokens*"
        );
    }
}
