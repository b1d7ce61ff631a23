using XDistilTorch;
using XDistilTorch.Data;
using XDistilTorch.Tokenization;
using XDistilTorch.Training;
using XDistilTorch.Windows;

// dotnet run -c Release --project samples/FineTune -- MODEL_FOLDER QUESTIONS OUTPUT
// A loss of one's own: labels that are a little unsure of themselves, so that the model does not learn them by heart.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) => stop.Cancel(press.Cancel = true);

using var model = TrainableModel.Load(args[0], new TrainableModelOptions { Dropout = 0.1 }, out _);
var tokenizer = BertTokenizer.FromPretrained(args[0]);
var data = TrainingSet.Build(tokenizer, DataCheck.Load(args[1], DataUse.Train, out _), WindowOptions.Default, stop.Token);
using var trainer = new QaTrainer(model, data.Windows, new TrainingOptions { NumTrainEpochs = 1 }, new SmoothedObjective(0.1));
foreach (var step in trainer.Run(stop.Token))
    Console.WriteLine($"{step.Step} of {trainer.Plan.TotalSteps}: loss {step.Loss:0.000}, {step.Tokens} tokens");
Directory.CreateDirectory(args[2]);
model.SavePretrained(args[2], tokenizer);
