using System.Text.Json;
using XDistilTorch.Tests;

namespace XDistilTorch.Parity.Commands;

/// <summary><c>xdistil inspect importance</c> with a small model.</summary>
public sealed class InspectImportanceCommandTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-importance-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private string Data(int count = 6) => TrainingRows.Write(At("rows.jsonl"), TrainingRows.Of(count));

    private Task<CommandRun> Importance(params string[] more) => CommandRun.Of(["inspect", "importance", "--model", model.Path, .. more]);

    [Fact]
    public async Task Both_measures_come_as_numbers_and_each_question_as_a_line()
    {
        var run = await Importance("--data", Data(), "--least", "3", "--output", At("questions.jsonl"), "--json");

        run.ExitCode.Should().Be(0, run.Error);
        var record = JsonDocument.Parse(run.Output).RootElement;
        record.GetProperty("questions").GetInt32().Should().Be(6);
        double[] Heads(JsonElement of, string measure) =>
            [.. of.GetProperty(measure).EnumerateArray().SelectMany(layer => layer.EnumerateArray()).Select(head => head.GetDouble())];
        Heads(record, "gradient").Should().HaveCount(8).And.OnlyContain(value => value > 0);
        var lines = File.ReadAllLines(At("questions.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        lines.Select(line => line.GetProperty("id").GetString()).Should().Equal(Enumerable.Range(0, 6).Select(i => $"t1-{i}"));
        for (var head = 0; head < 8; head++)
        {
            Heads(record, "gradient")[head].Should().BeApproximately(lines.Average(line => Math.Abs(Heads(line, "gradient")[head])), 1e-9);
            Heads(record, "loss_change")[head].Should().BeApproximately(lines.Average(line => Heads(line, "loss_change")[head]), 1e-9);
        }
        record.GetProperty("least_by_gradient").GetString().Should().MatchRegex("^[01]:[0-3]");
        record.GetProperty("least_by_ablation").GetString().Should().MatchRegex("^[01]:[0-3]");
        Directory.GetFiles(folder).Should().HaveCount(2, "nothing else stays");
    }

    [Fact]
    public async Task One_measure_is_a_table_of_layers_by_heads()
    {
        var run = await Importance("--data", Data(), "--by", "gradient", "--least", "2", "--limit", "4");

        run.ExitCode.Should().Be(0, run.Error);
        run.Output.Should()
            .Match(
                "*rows.jsonl: 4 questions, * mean loss *by gradient: mean |c . dL/dc|*0*1*2*3*least important 2 by gradient: --heads *Importance looks at one head*"
            )
            .And.NotContain("ablation");
        run.Error.Should().Match("xdistil: *rows.jsonl: 4 of 6 questions are drawn (--limit, --seed).\n");
        var again = await Importance("--data", Data(), "--by", "gradient", "--least", "2", "--limit", "4");
        again.Output.Should().Be(run.Output);
    }

    [Fact]
    public async Task What_cannot_be_is_told()
    {
        var data = Data();
        File.WriteAllText(At("there.jsonl"), "");

        (await Importance("--data", data, "--least", "9")).ShouldFail(
            2,
            "*--least is 9, expected at most 8: the model has no more heads.*"
        );
        (await Importance("--data", data, "--by", "guess")).ShouldFail(2, "*--by is guess, expected gradient, ablation or both.*");
        (await Importance("--data", data, "--output", At("there.jsonl"))).ShouldFail(1, "*there.jsonl: is there already*");
        (await Importance("--data", data, "--overwrite")).ShouldFail(2, "*--overwrite needs --output.*");
        (await Importance("--data", At("none.json"))).ShouldFail(1, "*none.json: there is no such file.*");
        (await Importance()).ShouldFail(2, "*--data*");
        var blank = TrainingRows.Write(At("blank.jsonl"), [TrainingRows.Of(1)[0] with { Question = "\u200b" }]);
        (await Importance("--data", blank)).ShouldFail(1, "*blank.jsonl: *");
    }
}
