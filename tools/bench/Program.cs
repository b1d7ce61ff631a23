using System.CommandLine;
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

var root = new RootCommand("Measures this project's speed, in ratios within one run.")
{
    Rounds("forward", "forward passes over their linear layers alone", ForwardBench.Run),
    Rounds("linear", "linear layers of the packed engine over bare torch.mm", LinearBench.Run),
    Rounds("tokenizer", "tokens a second over Microsoft.ML.Tokenizers'", rounds => TokenizerBench.Run(rounds, Model, Text)),
    Rounds("load", "weights of the bundled model into parameters", rounds => LoadBench.Run(rounds, Model)),
    Rounds("cold-start", "the tool from its start to its answer, and its memory", rounds => ColdStartBench.Run(rounds, Tool, Model)),
    Rounds("data", "reading, tokenizing and decoding over the forward pass", rounds => DataBench.Run(rounds, Model)),
    Rounds("predict", "a file of questions over the bare engine", rounds => PredictBench.Run(rounds, Model)),
    Rounds("evaluate", "figures of 12,000 predictions", EvaluateBench.Run),
    Rounds("train", "a training step over a forward pass and over a plain loop", rounds => TrainBench.Run(rounds, Model)),
    Rounds("workers", "one worker and one for each core", rounds => WorkersBench.Run(rounds, Model)),
    Rounds("quantise", "how long an engine takes to pack and to quantise its weights", rounds => QuantiseBench.Run(rounds, Model)),
    Rounds("inspection", "looking inside over plain forward passes", rounds => InspectionBench.Run(rounds, Model)),
    Rivals(),
    Engines(),
    Rows("pipe", "rows through the whole pipe, with an engine that costs nothing", 1_000_000, rows => PipeBench.Run(Model, rows)),
    Served("serve", "the server: throughput, tail and fairness", "ROWS", 1000, rows => ServeBench.Run(rows, Tool, Model)),
    Served("soak", "the server under load for minutes: its memory", "MINUTES", 10, minutes => SoakBench.Run(minutes, Tool, Model)),
};
return await root.Parse(args).InvokeAsync();

static Command Rounds(string name, string description, Action<int> run) => Rows(name, description, 20, run, "ROUNDS");

static Command Rows(string name, string description, int usual, Action<int> run, string counts = "ROWS")
{
    var count = Count(counts, usual);
    var command = new Command(name, description) { count };
    command.SetAction(parsed => Measured(() => run(parsed.GetValue(count))));
    return command;
}

static Command Served(string name, string description, string counts, int usual, Func<int, Task> run)
{
    var count = Count(counts, usual);
    var command = new Command(name, description) { count };
    command.SetAction(
        async (parsed, _) =>
        {
            Console.WriteLine(Machine.Describe());
            await run(parsed.GetValue(count));
        }
    );
    return command;
}

static Command Rivals()
{
    var rounds = Count("ROUNDS", 20);
    var keep = Keep();
    var command = new Command("rivals", "ONNX Runtime over our weights: how far its logits are from ours, and its best graph and feeding")
    {
        rounds,
        keep,
    };
    command.SetAction(parsed => Measured(() => RivalsBench.Run(parsed.GetValue(rounds), Model, parsed.GetValue(keep))));
    return command;
}

static Command Engines()
{
    var rounds = Count("ROUNDS", 7);
    var threads = new Option<int>("--threads")
    {
        Description = "threads of each engine",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };
    var streams = new Option<string[]>("--stream")
    {
        Description = "only these streams of windows",
        AllowMultipleArgumentsPerToken = false,
    };
    streams.AcceptOnlyFromAmong([.. EnginesBench.Streams.Select(stream => stream.Name)]);
    var json = new Option<string>("--json") { Description = "the file for all figures" };
    var ours = new Option<bool>("--ours") { Description = "our engines only" };
    var keep = Keep();
    var command = new Command("engines", "our engines and ONNX Runtime over the same weights and windows")
    {
        rounds,
        threads,
        streams,
        json,
        ours,
        keep,
    };
    command.SetAction(parsed =>
        Measured(() =>
            EnginesBench.Run(
                new EnginesBenchOptions(
                    parsed.GetValue(rounds),
                    parsed.GetValue(threads),
                    parsed.GetValue(streams) ?? [],
                    parsed.GetValue(ours),
                    parsed.GetValue(keep),
                    parsed.GetValue(json)
                ),
                Tool,
                Model
            )
        )
    );
    return command;
}

static Argument<int> Count(string name, int usual)
{
    var count = new Argument<int>(name) { Description = "how many", DefaultValueFactory = _ => usual };
    count.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < 1)
            result.AddError($"{name} is {result.GetValueOrDefault<int>()}, expected 1 or more.");
    });
    return count;
}

static Option<string> Keep() =>
    new("--keep") { Description = "the folder to keep the ONNX graphs in, so that other rivals can be measured on them" };

static void Measured(Action run)
{
    Console.WriteLine(Machine.Describe());
    run();
}
