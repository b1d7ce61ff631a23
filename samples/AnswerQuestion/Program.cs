using XDistilTorch;

// dotnet run --project samples/AnswerQuestion -- MODEL_FOLDER TEXT_FILE QUESTION
using var answerer = QuestionAnswerer.FromPretrained(args[0]);
var text = File.ReadAllText(args[1]);

var answer = answerer.Answer(args[2], text, new AnswerOptions { TopK = 3 });

Console.WriteLine(answer.HasAnswer ? $"{answer.Text} (characters {answer.StartUtf16} to {answer.EndUtf16})" : "no answer in this text");
foreach (var span in answer.Answers)
    Console.WriteLine($"{span.Score, 8:0.00} {span.Probability, 6:0.000}  {span.Text}");
