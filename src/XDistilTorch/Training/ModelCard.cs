using System.Globalization;
using System.Text;
using System.Text.Json;

namespace XDistilTorch.Training;

/// <summary>The <c>README.md</c> of a trained model's folder: what it is, how it is used, how it came about and how good it is.</summary>
public static class ModelCard
{
    /// <summary>The card's name in a model folder.</summary>
    public const string FileName = "README.md";

    /// <summary>
    /// Writes the card as Markdown with Hugging Face's YAML metadata at its head; <c>\n</c> ends its lines. Licence and language are left to the author, and the card
    /// says so. Names are put in safely, whatever characters they have.
    /// </summary>
    /// <param name="outcome">The training.</param>
    public static string Render(TrainingOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var figures = new ModelCardFigures(outcome);
        return string.Join(
            '\n',
            ModelCardMetadata.Render(outcome, figures.After) + $"\n# {MarkdownText.Plain(outcome.Name)}\n",
            Description(outcome),
            "## Before it is published\n",
            ToAdd(outcome),
            "## Use\n",
            ModelCardUse.Section(outcome),
            "## Figures\n",
            figures.Section(),
            "## Training\n",
            Training(outcome),
            "## Limits\n",
            Limits
        );
    }

    private const string Limits =
        "Answers can be wrong, also those with a high score: most of all on texts and questions unlike those it was trained on. The model marks words of the text; it does not know "
        + "whether the text is true. Check what matters.\n";

    private static string Description(TrainingOutcome outcome) =>
        "Extractive question answering: the model finds the words of a given text that answer a question, or none. A BERT encoder with a question-answering head, "
        + $"{Number(outcome.Parameters)} parameters, "
        + (
            outcome.BaseModel is { } baseModel
                ? $"trained with XDistilTorch from {MarkdownText.Plain(baseModel)}"
                : "trained with XDistilTorch from random weights"
        )
        + $" on {Number(outcome.Questions)} questions of {MarkdownText.Plain(outcome.TrainFile)}.\n";

    private static string ToAdd(TrainingOutcome outcome) =>
        "- **Licence**: none is stated here. It follows from the training data's"
        + (outcome.BaseModel is null ? "" : " and the base model's")
        + "; its author must add it, as `license:` in the block at the head of this file.\n"
        + "- **Language**: that of the training data, as `language:` there.\n"
        + (
            outcome.BaseModel is null
                ? ""
                : "- **Base model**: `base_model:` there is the name of a folder; write the name that the model has on the Hub.\n"
        );

    private static string Training(TrainingOutcome outcome)
    {
        var table = new StringBuilder();
        table.Append(MarkdownText.Row("setting", "value")).Append(MarkdownText.Row("---", "---"));
        foreach (var (name, value) in Settings(outcome))
            table.Append(MarkdownText.Row(MarkdownText.Plain(name), MarkdownText.Plain(value)));
        return table.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Settings(TrainingOutcome outcome)
    {
        yield return ("training file", outcome.TrainFile);
        yield return ("questions", Number(outcome.Questions));
        yield return ("windows", $"{Number(outcome.Windows)}, {Number(outcome.WindowsWithAnswer)} of them with an answer");
        yield return ("parameters trained", $"{Number(outcome.TrainedParameters)} of {Number(outcome.Parameters)}");
        if (outcome.Steps is [.., var last])
        {
            yield return ("steps", Number(last.Step));
            yield return ("loss of the last step", last.Loss.ToString("F4", CultureInfo.InvariantCulture));
        }
        yield return ("step kept", Number(outcome.KeptStep));
        // As trainer_state.json has them, so that no option is forgotten here.
        foreach (
            var option in JsonSerializer.SerializeToElement(outcome.Options, TrainerStateJson.Default.TrainingOptions).EnumerateObject()
        )
            if (option.Value.ValueKind != JsonValueKind.Null)
                yield return (option.Name, option.Value.GetRawText().Trim('"'));
        foreach (var (name, value) in outcome.Settings)
            yield return (name, value);
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
