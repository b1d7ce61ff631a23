using System.Globalization;
using XDistilTorch.Bench;
using XDistilTorch.Bench.Rivals;
using XDistilTorch.Bench.Serving;
using XDistilTorch.Native;

// xdistil-bench WHAT [ROUNDS], run from the repository's root: prints ratios within one run, with the machine's processor.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const string Model = "weights/e5-small-v2-squad2";
const string Text = "samples/texts/lighthouse.txt";
const string Tool = "src/XDistilTorch.Cli/bin/Release/net10.0/xdistil";
NativeAllocator.KeepFreed(); // as the tool does
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20;
Console.WriteLine(Machine.Describe());
switch (args.FirstOrDefault())
{
    case "forward":
        ForwardBench.Run(rounds);
        return 0;
    case "tokenizer":
        TokenizerBench.Run(rounds, Model, Text);
        return 0;
    case "load":
        LoadBench.Run(rounds, Model);
        return 0;
    case "cold-start":
        ColdStartBench.Run(rounds, Tool, Model);
        return 0;
    case "evaluate":
        EvaluateBench.Run(rounds);
        return 0;
    case "data":
        DataBench.Run(rounds, Model);
        return 0;
    case "predict":
        PredictBench.Run(rounds, Model);
        return 0;
    case "train":
        TrainBench.Run(rounds, Model);
        return 0;
    case "rivals":
        RivalsBench.Run(rounds, Model, Option("--keep"));
        return 0;
    case "linear":
        LinearBench.Run(rounds);
        return 0;
    case "inspection":
        InspectionBench.Run(rounds, Model);
        return 0;
    case "workers":
        WorkersBench.Run(rounds, Model);
        return 0;
    case "engines":
        EnginesBench.Run(
            rounds,
            Option("--threads") is { } threads ? int.Parse(threads, CultureInfo.InvariantCulture) : Environment.ProcessorCount,
            Model,
            Option("--keep"),
            Option("--json"),
            Option("--stream"),
            args.Contains("--ours")
        );
        return 0;
    case "serve":
        await ServeBench.Run(args.Length > 1 ? rounds : 1000, Tool, Model);
        return 0;
    case "pipe":
        PipeBench.Run(Model, args.Length > 1 ? rounds : 1_000_000);
        return 0;
    default:
        Console.Error.WriteLine(
            "xdistil-bench forward|tokenizer|load|cold-start|data|predict|evaluate|train|linear|workers|inspection [ROUNDS]; xdistil-bench rivals [ROUNDS [--keep DIR]]; xdistil-bench engines [ROUNDS [--threads N] [--stream NAME] [--ours] [--keep DIR] [--json FILE]]; xdistil-bench pipe|serve [ROWS]"
        );
        return 2;
}

string? Option(string name) => args.SkipWhile(a => a != name).ElementAtOrDefault(1);
