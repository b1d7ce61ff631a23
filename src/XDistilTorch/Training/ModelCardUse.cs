using System.Globalization;

namespace XDistilTorch.Training;

/// <summary>How the model of a card is used, in C# and in Python.</summary>
internal static class ModelCardUse
{
    public static string Section(TrainingOutcome outcome)
    {
        var name = MarkdownText.Quoted(outcome.Name);
        return $"""
            In C#, with XDistilTorch:

            ```csharp
            using XDistilTorch;

            using var answerer = QuestionAnswerer.FromPretrained({name}); // this folder
            var answer = answerer.Answer("Who repaired the clock?", "The clock was repaired by Marit Osei.");
            Console.WriteLine(answer.HasAnswer ? answer.Text : "no answer in this text");
            ```

            In Python, with transformers, for a text that fits into one window (recent versions have no `question-answering` pipeline; these lines pick the span):

            ```python
            import torch
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained({name})  # this folder
            model = AutoModelForQuestionAnswering.from_pretrained({name}).eval()
            question, context = "Who repaired the clock?", "The clock was repaired by Marit Osei."

            inputs = tokenizer(question, context, truncation="only_second"{MaxLength(
                outcome
            )}, return_offsets_mapping=True, return_tensors="pt")
            offsets = inputs.pop("offset_mapping")[0].tolist()
            with torch.no_grad():
                output = model(**inputs)

            # An answer lies in the context, ends where it begins or later, and has 30 tokens at most; [CLS] stands for "no answer".
            start, end = output.start_logits[0].float(), output.end_logits[0].float()
            outside = torch.tensor([part != 1 for part in inputs.sequence_ids(0)])
            scores = start.masked_fill(outside, -torch.inf)[:, None] + end.masked_fill(outside, -torch.inf)[None, :]
            legal = torch.ones_like(scores, dtype=torch.bool).triu().tril(29)
            scores = scores.masked_fill(~legal, -torch.inf)
            first, last = divmod(int(scores.argmax()), len(end))
            answered = scores.max() > start[0] + end[0]
            print(context[offsets[first][0]:offsets[last][1]] if answered else "no answer in this text")
            ```

            """;
    }

    private static string MaxLength(TrainingOutcome outcome) =>
        outcome.Settings.FirstOrDefault(setting => setting.Key == "max_length").Value is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? string.Create(CultureInfo.InvariantCulture, $", max_length={length}")
            : "";
}
