using System.Globalization;
using System.Xml.Linq;
using XDistilTorch.Training;

namespace XDistilTorch.Reports;

/// <summary>How it was trained, by the names that the options have on the command line and in a checkpoint.</summary>
internal static class TrainingSettings
{
    public static IEnumerable<XElement> Of(TrainingOutcome outcome) =>
        [
            Html.Text("h2", "Settings"),
            Html.Table(
                ["setting", "value"],
                Options(outcome.Options)
                    .Where(option => option.Value is not null)
                    .Select(option => new[] { option.Name, Convert.ToString(option.Value, CultureInfo.InvariantCulture)! })
                    .Concat(outcome.Settings.Select(setting => new[] { setting.Key, setting.Value }))
            ),
        ];

    private static IEnumerable<(string Name, object? Value)> Options(TrainingOptions options) =>
        [
            ("learning_rate", Html.Rate(options.LearningRate)),
            ("num_train_epochs", options.NumTrainEpochs),
            ("max_steps", options.MaxSteps),
            ("per_device_train_batch_size", options.PerDeviceTrainBatchSize),
            ("gradient_accumulation_steps", options.GradientAccumulationSteps),
            ("warmup_ratio", options.WarmupRatio),
            ("warmup_steps", options.WarmupSteps),
            ("lr_scheduler_type", options.LrSchedulerType.ToString().ToLowerInvariant()),
            ("weight_decay", options.WeightDecay),
            ("max_grad_norm", options.MaxGradNorm),
            ("seed", options.Seed),
            ("freeze_embeddings", options.FreezeEmbeddings ? "true" : "false"),
            ("freeze_layers", options.FreezeLayers),
        ];
}
