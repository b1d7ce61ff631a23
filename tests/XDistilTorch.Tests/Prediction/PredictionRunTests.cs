using System.Text.Json;
using CsCheck;
using XDistilTorch.Prediction;
using XDistilTorch.Tokenization;

namespace XDistilTorch.Tests.Prediction;

/// <summary>A run's files: whole or resumable at every moment.</summary>
public sealed class PredictionRunTests(ModelFolder model) : IClassFixture<ModelFolder>, IDisposable
{
    private const int Rows = 30;

    private readonly string folder = Directory.CreateTempSubdirectory("xdistil-run-").FullName;
    private readonly BertTokenizer tokenizer = BertTokenizer.FromPretrained(model.Path);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(string name) => Path.Combine(folder, name);

    private IEnumerable<PredictedChunk> Chunks(RunRecord record)
    {
        var options = new PredictorOptions
        {
            ChunkRows = record.ChunkRows,
            RowsDone = record.RowsDone,
            Shard = record.Shard,
            Shards = record.Shards,
        };
        return new Predictor(tokenizer, new PredictionRows.FormulaEngine(), record.Settings, options).Run(PredictionRows.Rows(Rows));
    }

    private void Write(string output, RunRecord plan, ExistingOutput existing = ExistingOutput.Resume, int chunks = int.MaxValue)
    {
        using var run = PredictionRun.Open(output, plan, existing);
        if (run.IsFinished)
            return;
        foreach (var chunk in Chunks(run.Record).Take(chunks))
            run.Write(chunk);
        if (chunks == int.MaxValue)
            run.Finish(Rows);
    }

    private static RunRecord Plan(PredictionFormat format = PredictionFormat.Jsonl) =>
        PredictionRows.Plan(PredictionRows.Settings(), format);

    private Dictionary<string, string> Files() =>
        Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), path => File.ReadAllText(path));

    [Theory, InlineData(PredictionFormat.Jsonl), InlineData(PredictionFormat.Squad)]
    public void A_run_that_stops_after_any_chunk_and_loses_what_was_not_put_on_the_disk_ends_with_the_same_bytes(PredictionFormat format)
    {
        Write(At("o"), Plan(format));
        var whole = Files();

        Gen.Select(Gen.Int[0, 8].Array[0, 4], Gen.Int[0, 500])
            .Sample(
                (stops, garbage) =>
                {
                    foreach (var path in Directory.GetFiles(folder))
                        File.Delete(path);
                    foreach (var chunks in stops)
                    {
                        Write(At("o"), Plan(format), chunks: chunks);
                        if (File.Exists(At("o.partial")))
                            File.AppendAllText(At("o.partial"), new string('x', garbage)); // of a chunk that the record does not tell of
                    }
                    Write(At("o"), Plan(format));
                    Files().Should().BeEquivalentTo(whole);
                },
                iter: 40,
                threads: 1
            );
    }

    [Theory, InlineData(PredictionFormat.Jsonl), InlineData(PredictionFormat.Squad)]
    public void A_run_that_is_killed_between_any_two_of_its_last_steps_is_finished_by_the_next(PredictionFormat format)
    {
        Write(At("o"), Plan(format));
        var whole = Files();
        var lines = Chunks(Plan(format)).Lines(format).ToList();
        var finished = whole["o.run.json"];

        // The lines are all there and the record says so, but nothing has its name.
        foreach (var path in Directory.GetFiles(folder))
            File.Delete(path);
        File.WriteAllText(At("o.partial"), string.Concat(lines));
        File.WriteAllText(At("o.partial.json"), finished);
        Write(At("o"), Plan(format));
        Files().Should().BeEquivalentTo(whole);

        // Only the record has not its name.
        File.Move(At("o.run.json"), At("o.partial.json"));
        Write(At("o"), Plan(format));
        Files().Should().BeEquivalentTo(whole);
    }

    [Fact]
    public void An_output_that_is_there_is_refused_before_anything_is_touched()
    {
        Write(At("o"), Plan());
        var before = Files();

        FluentActions
            .Invoking(() => Write(At("o"), Plan(), ExistingOutput.Refuse))
            .Should()
            .Throw<DataException>()
            .WithMessage("*o: is there already*--resume*");
        File.Delete(At("o"));
        File.WriteAllText(At("o.partial"), "");
        FluentActions
            .Invoking(() => Write(At("o"), Plan(), ExistingOutput.Refuse))
            .Should()
            .Throw<DataException>()
            .WithMessage("*o.partial: is there already*");
        before.Keys.Should().Contain("o.run.json");
    }

    [Fact]
    public void Overwriting_leaves_the_old_output_until_the_new_one_is_whole()
    {
        Write(At("o"), Plan());
        var old = Files();

        Write(At("o"), Plan() with { Device = "cuda:0" }, ExistingOutput.Overwrite, chunks: 2);

        Files()["o"].Should().Be(old["o"]);
        Write(At("o"), Plan() with { Device = "cuda:0" });
        Files()["o.run.json"].Should().Contain("cuda:0");
        Files().Keys.Should().BeEquivalentTo("o", "o.run.json");
    }

    [Fact]
    public void A_run_of_other_data_model_or_options_is_refused_by_what_differs()
    {
        Write(At("o"), Plan(), chunks: 2);
        var before = Files();
        var plan = Plan() with
        {
            DataSha256 = new string('e', 64),
            ModelSha256 = new string('n', 64),
            Settings = PredictionRows.Settings() with { TopK = 2, NullThreshold = -1.5 },
        };

        FluentActions
            .Invoking(() => Write(At("o"), plan))
            .Should()
            .Throw<DataException>()
            .WithMessage(
                "*the data's SHA-256 was ddd*is eee*the model's SHA-256*--top-k was 1, is 2; --null-threshold was 0, is -1.5*--overwrite*"
            );
        Files().Should().BeEquivalentTo(before);
    }

    [Fact]
    public void A_finished_output_is_verified()
    {
        Write(At("o"), Plan());
        Write(At("o"), Plan());
        File.AppendAllText(At("o"), "x");

        FluentActions.Invoking(() => Write(At("o"), Plan())).Should().Throw<DataException>().WithMessage("*o: is not what the run wrote*");
    }

    [Fact]
    public void Two_processes_do_not_write_one_output()
    {
        using var first = PredictionRun.Open(At("o"), Plan(), ExistingOutput.Resume);

        FluentActions
            .Invoking(() => PredictionRun.Open(At("o"), Plan(), ExistingOutput.Resume))
            .Should()
            .Throw<DataException>()
            .WithMessage("*another process is writing it*");
    }

    [Theory]
    [InlineData("{}", "*o.partial.json: not the record of a run*")]
    [InlineData("not json", "*o.partial.json: not the record of a run*")]
    [InlineData("null", "*o.partial.json: not the record of a run*")]
    public void A_broken_record_is_named(string json, string message)
    {
        File.WriteAllText(At("o.partial.json"), json);

        FluentActions.Invoking(() => Write(At("o"), Plan())).Should().Throw<DataException>().WithMessage(message);
    }

    [Fact]
    public void A_run_that_was_killed_before_it_had_a_record_starts_anew()
    {
        File.WriteAllText(At("o.partial"), "");

        Write(At("o"), Plan());

        Files().Keys.Should().BeEquivalentTo("o", "o.run.json");
    }

    [Fact]
    public void Lines_that_no_record_tells_of_are_not_touched()
    {
        File.WriteAllText(At("o.partial"), "mine");

        FluentActions
            .Invoking(() => Write(At("o"), Plan()))
            .Should()
            .Throw<DataException>()
            .WithMessage("*o.partial: is there, but no o.partial.json*");
        File.ReadAllText(At("o.partial")).Should().Be("mine");
    }

    [Fact]
    public void A_cut_partial_is_refused()
    {
        Write(At("o"), Plan(), chunks: 3);
        File.WriteAllText(At("o.partial"), "");

        FluentActions
            .Invoking(() => Write(At("o"), Plan()))
            .Should()
            .Throw<DataException>()
            .WithMessage("*o.partial: has 0 bytes*it was cut*");
    }

    [Fact]
    public void Where_no_file_can_be_written_it_is_said_first()
    {
        FluentActions
            .Invoking(() => PredictionRun.Check(At("no/o"), default))
            .Should()
            .Throw<DataException>()
            .WithMessage("*there is no folder*");
        FluentActions.Invoking(() => PredictionRun.Check(folder, default)).Should().Throw<DataException>().WithMessage("*is a folder*");
    }

    [Fact]
    public void The_files_of_SQuAD_hold_what_the_decoder_gave()
    {
        Write(At("o"), Plan(PredictionFormat.Squad));

        var rows = Chunks(Plan()).SelectMany(chunk => chunk.Rows).ToList();
        using var predictions = JsonDocument.Parse(File.ReadAllText(At("o")));
        using var lists = JsonDocument.Parse(File.ReadAllText(At("o.nbest.json")));
        using var odds = JsonDocument.Parse(File.ReadAllText(At("o.null_odds.json")));
        predictions.RootElement.EnumerateObject().Select(p => p.Name).Should().Equal(rows.Select(row => row.Id));
        foreach (var row in rows)
        {
            var squad = row.Squad!;
            predictions.RootElement.GetProperty(row.Id!).GetString().Should().Be(squad.Prediction?.TextIn(row.Row!.Context) ?? "");
            odds.RootElement.GetProperty(row.Id!).GetSingle().Should().Be(squad.NullOdds);
            var list = lists.RootElement.GetProperty(row.Id!);
            list.GetArrayLength().Should().Be(squad.NBest.Count);
            list[0].GetProperty("start_logit").GetSingle().Should().Be(squad.NBest[0].StartLogit);
            list[0].GetProperty("probability").GetDouble().Should().Be(squad.NBest[0].Probability);
        }
    }

    [Fact]
    public void Without_no_answer_there_are_no_null_odds()
    {
        Write(At("o"), Plan(PredictionFormat.Squad) with { Settings = PredictionRows.Settings() with { AlwaysAnswer = true } });

        Files().Keys.Should().BeEquivalentTo("o", "o.nbest.json", "o.run.json");
    }

    private string[] Shards(int count, PredictionFormat format = PredictionFormat.Jsonl)
    {
        var paths = Enumerable.Range(0, count).Select(shard => At($"s{shard}")).ToArray();
        for (var shard = 0; shard < count; shard++)
            Write(paths[shard], Plan(format) with { Shard = shard, Shards = count });
        return paths;
    }

    [Theory]
    [InlineData(1, PredictionFormat.Jsonl)]
    [InlineData(3, PredictionFormat.Jsonl)]
    [InlineData(8, PredictionFormat.Jsonl)]
    [InlineData(11, PredictionFormat.Jsonl)]
    [InlineData(3, PredictionFormat.Squad)]
    public void Merged_shards_have_the_bytes_of_the_whole(int count, PredictionFormat format)
    {
        Write(At("o"), Plan(format));
        var whole = Files();

        var merged = Path.Combine(Directory.CreateDirectory(At("merged")).FullName, "o");
        PredictionMerge.Merge([.. Shards(count, format).Reverse()], merged);

        foreach (var (name, text) in whole)
            File.ReadAllText(Path.Combine(At("merged"), name)).Should().Be(text, name);
    }

    [Fact]
    public void What_is_not_all_shards_of_one_run_is_refused()
    {
        var shards = Shards(3);
        void Refused(IReadOnlyList<string> given, string message)
        {
            FluentActions.Invoking(() => PredictionMerge.Merge(given, At("m"))).Should().Throw<DataException>().WithMessage(message);
            File.Exists(At("m")).Should().BeFalse();
            Directory.GetFiles(folder, "*.tmp").Should().BeEmpty();
        }

        Refused([shards[0], shards[2]], "1 of 3 shards are missing: 1.");
        Refused([shards[0], shards[2], shards[0]], "shard 0 is there twice*");
        Refused([], "*no shard*");
        Refused([.. shards, At("none")], "*none: has no none.run.json*");
        Write(At("other"), Plan() with { Shard = 1, Shards = 3, DataSha256 = new string('e', 64) });
        Refused([shards[0], At("other"), shards[2]], "*other: is of another run than*the data's SHA-256*");
        Write(At("half"), Plan() with { Shard = 1, Shards = 3 }, chunks: 1);
        Refused([shards[0], At("half"), shards[2]], "*half: is not finished*");
        File.WriteAllText(shards[1], File.ReadAllText(shards[1]).Replace("\"window\":0", "\"window\":1", StringComparison.Ordinal));
        Refused(shards, "*s1: is not what its run wrote: its SHA-256 is another*");
        File.WriteAllText(shards[1], string.Concat(File.ReadLines(shards[1]).Skip(1).Select(line => line + "\n")));
        Refused(shards, "*s1: is not what its run wrote: it ends early*");
    }

    [Fact]
    public void An_id_with_two_answers_is_found_in_merging()
    {
        var shards = Shards(2);
        // A shard whose record fits its bytes, but whose rows are those of the other.
        File.Copy(shards[0], shards[1], overwrite: true);
        var first = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(At("s0.run.json")));
        var text = File.ReadAllText(At("s0.run.json"))
            .Replace("\"shard\": 0", "\"shard\": 1", StringComparison.Ordinal)
            .Replace($"\"rows_written\": {first.GetProperty("rows_written")}", "\"rows_written\": 14", StringComparison.Ordinal);
        File.WriteAllText(At("s1.run.json"), text);

        FluentActions
            .Invoking(() => PredictionMerge.Merge(shards, At("m")))
            .Should()
            .Throw<DataException>()
            .WithMessage("*s1: an id that another row has already*");
    }
}
