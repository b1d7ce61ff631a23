using System.Text.Json;
using XDistilTorch.Training;
using XDistilTorch.Training.Runs;

namespace XDistilTorch.Cli.Training;

/// <summary>One training after another, each with its own seed in a folder of its own, and what they have in common.</summary>
internal sealed class TrainSeeds(Terminal terminal, TrainRequest request, TrainInputs inputs)
{
    private const string Summary = "seeds.json";

    /// <exception cref="TrainingException">The folder, or one in it, cannot be trained into.</exception>
    public static void Check(string output, TrainRequest request)
    {
        if (File.Exists(output))
            throw new TrainingException($"{output}: is a file, expected the name of a folder for the trained models.");
        if (Directory.Exists(output))
        {
            string[] ours = [.. request.Seeds!.Select(Name), Summary, $"{Summary}.tmp"];
            var strange = Directory.GetFileSystemEntries(output).Select(Path.GetFileName).Except(ours).FirstOrDefault();
            if (strange is not null)
                throw new TrainingException(
                    $"{output}: holds {strange}, expected an empty folder, or the trainings of these seeds to go on with."
                );
        }
        foreach (var seed in request.Seeds!)
            TrainingRun.Check(Path.Combine(output, Name(seed)), request.Resume);
    }

    public int Run(CancellationToken stop)
    {
        List<TrainingRecord> records = [];
        foreach (var seed in request.Seeds!)
        {
            terminal.Tell($"seed {seed}");
            var options = request.Options with { Training = request.Options.Training with { Seed = seed } };
            using var prepared = new PreparedTraining(options, inputs.Train, inputs.Development, inputs.Replay, stop);
            if (records.Count == 0)
                foreach (var note in prepared.Notes)
                    terminal.Tell(note);
            records.Add(new TrainOne(terminal, request, inputs).Train(prepared, Path.Combine(request.Output!, Name(seed)), stop));
        }
        var summary = SeedSummary.Of(records);
        var json = JsonSerializer.Serialize(summary, TrainingJson.Default.SeedSummary);
        WholeFile.Write(Path.Combine(request.Output!, Summary), json + "\n");
        if (request.Json)
            terminal.Output.WriteLine(json);
        else
            TrainingPrinter.Print(terminal, summary);
        return ExitCode.Success;
    }

    private static string Name(long seed) => FormattableString.Invariant($"seed-{seed}");
}
