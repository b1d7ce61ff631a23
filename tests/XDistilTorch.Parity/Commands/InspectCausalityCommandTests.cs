using System.Text.Json;
using XDistilTorch.Checkpoints;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect ablation | patching | knockout | lens | points</c> with a small model.</summary>
public sealed class InspectCausalityCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private const string Context = "the clock was repaired by osei";

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-inspect-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<CommandRun> Inspect(string command, params string[] more) =>
        CommandRun.Of([
            "inspect",
            command,
            "--model",
            model.Path,
            "--question",
            "who repaired the clock?",
            "--context",
            Context,
            "--target",
            "osei",
            .. more,
        ]);

    private static JsonElement Json(CommandRun run)
    {
        run.ExitCode.Should().Be(0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    [Fact]
    public async Task Ablation_takes_every_head_and_layer_away_beside_its_attention()
    {
        var record = Json(await Inspect("ablation", "--json"));

        record.GetProperty("target").GetProperty("text").GetString().Should().Be("osei");
        record.GetProperty("heads").GetArrayLength().Should().Be(8);
        record.GetProperty("layers").GetArrayLength().Should().Be(2);
        var head = record.GetProperty("heads")[5];
        (head.GetProperty("layer").GetInt32(), head.GetProperty("head").GetInt32()).Should().Be((1, 1));
        head.GetProperty("attention_on_question").GetDouble().Should().BeInRange(0, 1);
        var table = await Inspect("ablation", "--layers", "1", "--heads", "0,2-3", "--kind", "mean", "--top", "2");
        table.ExitCode.Should().Be(0, table.Error);
        table
            .Output.Should()
            .Match(
                "osei: tokens *score *above no answer by *its mean*layer*head*attention on the question*Ablation shows what the score needs*"
            );
    }

    [Fact]
    public async Task Resampling_takes_values_of_other_questions()
    {
        var data = TrainingRows.Write(Path.Combine(folder, "rows.jsonl"), TrainingRows.Of(6));

        var record = Json(await Inspect("ablation", "--kind", "resample", "--reference", data, "--json"));

        record.GetProperty("kind").GetString().Should().Be("resample");
        (await Inspect("ablation", "--kind", "resample")).ShouldFail(2, "*--kind resample needs --reference*");
        (await Inspect("ablation", "--reference", data)).ShouldFail(2, "*--reference has no meaning for --kind zero*");
        (await Inspect("ablation", "--kind", "mean", "--reference", Path.Combine(folder, "none.jsonl"))).ShouldFail(
            1,
            "*none.jsonl: there is no such file*"
        );
    }

    [Fact]
    public async Task Patching_shows_what_brings_the_answer_back()
    {
        var record = Json(await Inspect("patching", "--corrupted-question", "who repaired the osei?", "--json"));

        record.GetProperty("hidden_states").GetArrayLength().Should().Be(3);
        record.GetProperty("tokens").GetArrayLength().Should().Be(record.GetProperty("hidden_states")[0].GetArrayLength());
        var changed = Enumerable
            .Range(0, record.GetProperty("tokens").GetArrayLength())
            .Single(i => record.GetProperty("tokens")[i].GetString() != record.GetProperty("corrupted_tokens")[i].GetString());
        record
            .GetProperty("hidden_states")[0][changed]
            .GetDouble()
            .Should()
            .BeApproximately(record.GetProperty("clean").GetDouble(), 1e-4, "there is nothing else that differs");
        var table = await Inspect("patching", "--corrupted-context", "the clock was repaired by who", "--top", "3");
        table.ExitCode.Should().Be(0, table.Error);
        table.Output.Should().Match("*clean *corrupted *value put in*brought back*attribution patching*Patching shows*");
        (await Inspect("patching")).ShouldFail(2, "*give --corrupted-context or --corrupted-question*");
        (await Inspect("patching", "--corrupted-question", "who?")).ShouldFail(
            1,
            "*the clean window has * tokens, the corrupted one *Exchange words*"
        );
    }

    [Fact]
    public async Task Both_texts_are_cut_into_the_windows_that_were_asked_for()
    {
        var text = string.Concat(Enumerable.Repeat("the mill by the weir was not. ", 4)) + Context;
        var run = await CommandRun.Of([
            "inspect",
            "patching",
            "--model",
            model.Path,
            "--question",
            "who repaired the clock?",
            "--context",
            text,
            "--target",
            "osei",
            "--corrupted-question",
            "who repaired the osei?",
            "--max-length",
            "24",
            "--stride",
            "4",
        ]);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should().MatchRegex(@"osei: tokens .* of window [1-9]");
    }

    [Fact]
    public async Task Knockout_shuts_a_way_layer_by_layer()
    {
        var record = Json(await Inspect("knockout", "--from", "answer", "--to", "question", "--json"));

        record.GetProperty("knockouts").GetArrayLength().Should().Be(3, "each layer, then all");
        record.GetProperty("knockouts")[2].GetProperty("layers").GetArrayLength().Should().Be(2);
        record.GetProperty("knockouts")[2].GetProperty("score").GetDouble().Should().NotBe(record.GetProperty("score").GetDouble());
        var table = await Inspect("knockout", "--layers", "0-1");
        table.Output.Should().Match("*context may not look at question:*none*0 to 1*");
        (await Inspect("knockout", "--layers", "2")).ShouldFail(1, "*there is no layer 2; the model has 2, numbered from 0.*");
        (await Inspect("knockout", "--heads", "4")).ShouldFail(1, "*there is no head 4*");
        (await Inspect("knockout", "--from", "title")).ShouldFail(2, "*--from is title, expected cls, question, sep, answer or context*");
        (
            await CommandRun.Of(
                "inspect",
                "knockout",
                "--model",
                model.Path,
                "--question",
                "who?",
                "--context",
                Context,
                "--target",
                "null",
                "--from",
                "answer"
            )
        ).ShouldFail(1, "*--from answer: the window has no such token, as there is no answer; name a span with --target*");
    }

    [Fact]
    public async Task The_lens_reads_every_layer()
    {
        var record = Json(await Inspect("lens", "--top", "2", "--json"));

        record.GetProperty("layers").GetArrayLength().Should().Be(3);
        var last = record.GetProperty("layers")[2];
        last.GetProperty("best").GetArrayLength().Should().Be(2);
        last.GetProperty("rank").GetInt32().Should().BeGreaterThanOrEqualTo(0);
        var table = await Inspect("lens");
        table.Output.Should().Match("osei: tokens *after layer*rank*embeddings*The lens reads every layer*");
    }

    [Fact]
    public async Task Values_are_written_for_other_programs()
    {
        Task<CommandRun> Record(string output, params string[] more) =>
            CommandRun.Of([
                "inspect",
                "record",
                "--model",
                model.Path,
                "--question",
                "who?",
                "--context",
                Context,
                "--output",
                Path.Combine(folder, output),
                .. more,
            ]);

        var npz = await Record("r.npz", "--points", "layer.*.AttentionProbabilities");
        npz.ExitCode.Should().Be(0, npz.Error);
        npz.Error.Should().Match("*r.npz: 1 window, 2 points each; * kB.*");
        var gradients = await Record("r.safetensors", "--points", "Logits,layer.1.LayerOutput", "--gradients", "--target", "osei");
        gradients.ExitCode.Should().Be(0, gradients.Error);
        using (var file = SafeTensors.Open(Path.Combine(folder, "r.safetensors")))
            file.Tensors.Keys.Should()
                .BeEquivalentTo(
                    "window.0/Logits",
                    "window.0/layer.1.LayerOutput",
                    "window.0/gradient/Logits",
                    "window.0/gradient/layer.1.LayerOutput"
                );
        (await Record("r.npz", "--points", "Logits")).ShouldFail(1, "*r.npz: is there already*");
        (await Record("r.txt", "--points", "Logits")).ShouldFail(2, "*expected a name that ends in .npz or .safetensors*");
        (await Record("s.npz", "--points", "layer.7.Query")).ShouldFail(1, "*no point is called \"layer.7.Query\"*");
        (await Record("s.npz", "--points", "Logits", "--target", "osei")).ShouldFail(2, "*--target needs --gradients*");
    }

    [Fact]
    public async Task Points_are_listed_with_their_names_in_transformers()
    {
        var run = await CommandRun.Of("inspect", "points", "--model", model.Path);

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .Contain("hidden_states[0]")
            .And.Contain("layer.1.AttentionProbabilities")
            .And.Contain("attentions[1]")
            .And.Contain("Logits");
        (await CommandRun.Of("inspect", "points", "--model", model.Path, "--json")).Lines.Should().HaveCount(2 + (2 * 12));
        (await CommandRun.Of("inspect")).ExitCode.Should().Be(2);
    }
}
