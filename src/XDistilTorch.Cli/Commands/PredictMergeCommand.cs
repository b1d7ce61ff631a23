using System.CommandLine;
using XDistilTorch.Prediction;

namespace XDistilTorch.Cli.Commands;

/// <summary><c>xdistil predict merge</c>: puts shards together.</summary>
internal sealed class PredictMergeCommand : Command, IHaveExamples
{
    public PredictMergeCommand(Terminal terminal)
        : base("merge", "Put the shards of a run together, after proof that all are there and whole")
    {
        var shards = new Argument<string[]>("SHARD") { Description = "The outputs of all shards", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output")
        {
            Description = "Where the whole goes",
            HelpName = "FILE",
            Required = true,
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an output that is there" };
        Add(shards);
        Add(output);
        Add(overwrite);
        SetAction(
            (parsed, cancellation) =>
            {
                var to = parsed.GetValue(output)!;
                var whole = PredictionMerge.Merge(parsed.GetValue(shards)!, to, parsed.GetValue(overwrite), cancellation);
                var errors = whole.Errors > 0 ? $", {whole.Errors} of them without an answer (error records)" : "";
                terminal.Tell($"{to}: {whole.RowsWritten} rows of {parsed.GetValue(shards)!.Length} shards{errors}");
                return Task.FromResult(ExitCode.Success);
            }
        );
    }

    public IReadOnlyList<string> Examples { get; } = ["xdistil predict merge answers.*.jsonl --output answers.jsonl"];
}
