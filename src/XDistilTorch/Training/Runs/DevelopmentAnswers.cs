using System.Text.Json;
using XDistilTorch.Evaluation;
using XDistilTorch.Prediction;

namespace XDistilTorch.Training.Runs;

/// <summary>Answers as a SQuAD prediction file, <c>{id: text}</c>.</summary>
internal static class DevelopmentAnswers
{
    private static readonly JsonWriterOptions Indented = new() { Encoder = ReadableJsonEncoder.Instance, Indented = true };

    public static WrittenFile Write(string path, PredictionSet answers)
    {
        using var file = new HashedFile(path);
        using (var json = new Utf8JsonWriter(file, Indented))
        {
            json.WriteStartObject();
            foreach (var answer in answers.Answers)
                json.WriteString(answer.Id, answer.Text);
            json.WriteEndObject();
        }
        file.Write("\n"u8);
        return file.Finish();
    }
}
