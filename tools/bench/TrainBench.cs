using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;
using XDistilTorch.Training;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Bench;

/// <summary>
/// Training steps of the trainer beside a plain loop (random batches padded to their longest window, scaled_dot_product_attention, the same fused AdamW) on windows of
/// the same data, and beside the forward pass of the trainer's own windows. Nothing frozen, no dropout.
/// </summary>
internal static class TrainBench
{
    private const int Rows = 2000,
        StepsARound = 2,
        BatchSize = 16;

    public static void Run(int rounds, string modelFolder)
    {
        using var model = TrainableModel.Load(modelFolder, new() { Dropout = 0 }, out _);
        using var other = TrainableModel.Load(modelFolder, new() { Dropout = 0 }, out _);
        using var data = new InventedRows(Rows, InventedRows.Mixed);
        // Labels cost nothing and change nothing here: all without an answer.
        var rows = DataReader.Read(data.Path).Select(item => item.Row! with { Answers = [] }).ToList();
        var windows = TrainingSet.Build(BertTokenizer.FromPretrained(modelFolder), rows, WindowOptions.Default).Windows;
        var options = new TrainingOptions { PerDeviceTrainBatchSize = BatchSize, NumTrainEpochs = 100 };
        using var trainer = new QaTrainer(model, windows, options);
        using var plain = new PlainLoop(other, windows);

        long ours = 0,
            theirs = 0,
            before = 0;
        List<double> tokens = [],
            plainTokens = [];
        var times = Interleaved.Run(
            rounds,
            () =>
            {
                before = trainer.StepsDone;
                ours = Enumerable.Range(0, StepsARound).Sum(_ => trainer.Step().Tokens);
                tokens.Add(ours);
            },
            () =>
            {
                theirs = Enumerable.Range(0, StepsARound).Sum(_ => plain.Step());
                plainTokens.Add(theirs);
            },
            () => Forward(model, windows, trainer.Plan, before)
        );
        double[] rate = [.. times[0].Zip(tokens.TakeLast(rounds), (ms, count) => count / ms * 1000)],
            plainRate = [.. times[1].Zip(plainTokens.TakeLast(rounds), (ms, count) => count / ms * 1000)];
        Console.WriteLine($"tokens/s, {windows.Count} windows, batches of {BatchSize}: trainer | plain loop | ratio");
        Console.WriteLine(
            $"{Interleaved.Show(rate, "0")} | {Interleaved.Show(plainRate, "0")} | {Interleaved.Show(Interleaved.Ratio(rate, plainRate))}"
        );
        Console.WriteLine($"AdamW, {trainer.TrainedParameters / 1e6:0.0} M parameters, ms");
        Console.WriteLine(Interleaved.Show(OptimizerTimes(other, rounds), "0.0"));
        Console.WriteLine("step over the forward pass of its windows | padding of the trainer's batches");
        Console.WriteLine($"{Interleaved.Show(Interleaved.Ratio(times[0], times[2]))} | {trainer.Plan.PaddingShare:P1}");
    }

    private static double[] OptimizerTimes(BertForQuestionAnswering model, int rounds)
    {
        using var optimizer = new AdamW(model.named_parameters().Select(p => (p.name, p.parameter)));
        foreach (var parameter in model.parameters())
            parameter.grad = ones_like(parameter);
        return Interleaved.Run(rounds, () => optimizer.Step(1e-9))[0];
    }

    private static void Forward(BertForQuestionAnswering model, IReadOnlyList<TrainingWindow> windows, TrainingPlan plan, long first)
    {
        using var _ = inference_mode();
        for (var step = first; step < first + StepsARound; step++)
            foreach (var batch in plan.Batches(step))
            foreach (var piece in EagerEngine.Batches([.. batch.Select(i => windows[i].Length)]))
            {
                using var scope = NewDisposeScope();
                model.Forward(new TrainingBatch([.. piece.ToArray().Select(i => windows[batch[i]])], 0, CPU).Input);
            }
    }

    // As one would write it first.
    private sealed class PlainLoop(BertForQuestionAnswering model, IReadOnlyList<TrainingWindow> windows) : IDisposable
    {
        private readonly AdamW optimizer = new(model.named_parameters().Select(p => (p.name, p.parameter)));
        private readonly Random random = new(1);

        public long Step()
        {
            using var scope = NewDisposeScope();
            var batch = Enumerable.Range(0, BatchSize).Select(_ => windows[random.Next(windows.Count)]).ToList();
            model.train();
            model.zero_grad();
            new QuestionAnsweringObjective().Loss(model, new TrainingBatch(batch, 0, CPU)).backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1);
            optimizer.Step(1e-5);
            return batch.Sum(window => (long)window.Length);
        }

        public void Dispose() => optimizer.Dispose();
    }
}
