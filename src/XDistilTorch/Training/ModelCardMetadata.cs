using System.Globalization;

namespace XDistilTorch.Training;

/// <summary>
/// The YAML block at the head of a model card. Only what the training knows stands there: no licence, which follows from the base model's and the data's, and no language,
/// which nothing told.
/// </summary>
internal static class ModelCardMetadata
{
    public static string Render(TrainingOutcome outcome, TrainingEvaluation? after) =>
        $"""
            ---
            library_name: transformers
            pipeline_tag: question-answering
            {BaseModel(outcome.BaseModel)}tags:
            - question-answering
            - bert
            - xdistiltorch
            {(after is null ? "" : Figures(outcome, after))}---

            """;

    private static string BaseModel(string? name) => name is null ? "" : $"base_model: {MarkdownText.Quoted(name)}\n";

    // The data set is a file, not one of the Hub's, hence "custom".
    private static string Figures(TrainingOutcome outcome, TrainingEvaluation after) =>
        $"""
            metrics:
            - exact_match
            - f1
            model-index:
            - name: {MarkdownText.Quoted(outcome.Name)}
              results:
              - task:
                  type: question-answering
                  name: Question answering
                dataset:
                  type: custom
                  name: {MarkdownText.Quoted(outcome.DevFile ?? "development questions")}
                metrics:
                - type: exact_match
                  name: Exact match
                  value: {Figure(after.Exact)}
                - type: f1
                  name: F1
                  value: {Figure(after.F1)}

            """;

    private static string Figure(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
