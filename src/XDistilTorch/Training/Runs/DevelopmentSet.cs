using System.Diagnostics;
using XDistilTorch.Data;
using XDistilTorch.Engines;
using XDistilTorch.Evaluation;
using XDistilTorch.Modeling;
using XDistilTorch.Tokenization;
using XDistilTorch.Windows;
using static TorchSharp.torch;

namespace XDistilTorch.Training.Runs;

/// <summary>What development questions say of a model.</summary>
/// <param name="Loss">The mean loss of their windows.</param>
/// <param name="Answers">The answers, by question id; "" for none.</param>
/// <param name="Report">The official figures.</param>
internal sealed record DevelopmentScore(double Loss, PredictionSet Answers, EvaluationReport Report);

/// <summary>
/// Questions that a model in training is held against: their loss, as it is trained, and their answers (<c>squad</c> decoder, null threshold 0) under the official
/// SQuAD 2.0 metric.
/// </summary>
internal sealed class DevelopmentSet
{
    // What is computed together follows from the questions' numbers only.
    private const int QuestionsTogether = 128;

    private readonly TrainingData data;
    private readonly BertTokenizer tokenizer;
    private readonly AnswerSettings settings;
    private readonly AnswerDecoder decoder;

    /// <param name="data">The questions, with their answers.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="settings">How they are answered.</param>
    /// <exception cref="DataException">There is no question, or one does not say what its answers are.</exception>
    public DevelopmentSet(TrainingData data, BertTokenizer tokenizer, AnswerSettings settings)
    {
        if (data.Rows.Count == 0)
            throw new DataException($"{data.Name}: holds no question to evaluate on.");
        if (data.Rows.FirstOrDefault(row => row.Answers is null) is { } silent)
            throw new DataException(
                $"{data.Name}: question \"{silent.Id}\" ({silent.Place}) has no \"answers\"; expected them for each, an empty list where the text has none."
            );
        (this.data, this.tokenizer, this.settings) = (data, tokenizer, settings);
        decoder = new AnswerDecoder(settings, tokenizer.ClsId);
    }

    /// <summary>How many questions.</summary>
    public int Count => data.Rows.Count;

    /// <summary>Evaluates a model in evaluation mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="answered">Is told how many questions are answered.</param>
    /// <param name="stop">Looked at before every batch.</param>
    public DevelopmentScore Evaluate(BertForQuestionAnswering model, Device device, Action<int> answered, CancellationToken stop)
    {
        var engine = new EagerEngine(model, device);
        var cutter = new QuestionWindows(tokenizer, settings.Windows);
        List<PredictedAnswer> answers = new(Count);
        var loss = new MeanLoss();
        foreach (var questions in data.Rows.Chunk(QuestionsTogether))
        {
            var cut = questions.Select(row => (Row: row, Windows: WindowsOf(cutter, row))).ToList();
            var logits = engine.Run([.. cut.SelectMany(each => each.Windows)], stop);
            var at = 0;
            foreach (var (row, windows) in cut)
            {
                answers.Add(Answer(row, windows, [.. logits.Skip(at).Take(windows.Count)], loss));
                at += windows.Count;
            }
            answered(answers.Count);
        }
        var set = PredictionSet.Of(data.Name, answers);
        return new DevelopmentScore(loss.Value, set, Score(set));
    }

    /// <summary>How long an evaluation would take, from its first questions.</summary>
    public TimeSpan TimeToEvaluate(BertForQuestionAnswering model, Device device, CancellationToken stop)
    {
        const int Measured = 32;
        var some = new DevelopmentSet(data with { Rows = [.. data.Rows.Take(Measured)] }, tokenizer, settings);
        var started = Stopwatch.GetTimestamp();
        some.Evaluate(model, device, _ => { }, stop);
        return Stopwatch.GetElapsedTime(started) * ((double)Count / some.Count);
    }

    /// <summary>Answers from elsewhere under the same metric.</summary>
    public EvaluationReport Score(PredictionSet answers) =>
        Evaluator.Evaluate(data.Rows, answers, new EvaluationOptions { Version = SquadVersion.V2, WorstErrors = 0 });

    private static IReadOnlyList<TokenWindow> WindowsOf(QuestionWindows cutter, QuestionRow row)
    {
        try
        {
            return cutter.Of(new QuestionInput(row.Question, row.Context, row.Id));
        }
        catch (Exception e) when (e is BlankTextException or WindowException)
        {
            return []; // nothing can be answered: no answer is
        }
    }

    private PredictedAnswer Answer(QuestionRow row, IReadOnlyList<TokenWindow> windows, WindowLogits[] logits, MeanLoss loss)
    {
        if (windows.Count == 0)
            return new PredictedAnswer(row.Id, "") { Windows = 0 };
        if (AnswerPlace.Of(row) is { IsKnown: true, Span: var span })
            for (var i = 0; i < logits.Length; i++)
                loss.Add(logits[i], TrainingLabel.Of(windows[i], span));
        var decoded = decoder.Decode(row.Question, row.Id, new AnswerBuilder(row.Context), row.Context, windows, logits);
        return PredictedAnswer.Of(decoded.Answer, windows.Count) with { NoAnswerScore = decoded.NullOdds };
    }

    // As QuestionAnsweringLoss, from logits that left the model.
    private sealed class MeanLoss
    {
        private double sum;
        private long windows;

        public double Value => windows == 0 ? 0 : sum / windows;

        public void Add(WindowLogits logits, TrainingLabel label)
        {
            sum += (CrossEntropy(logits.Start, label.Start) + CrossEntropy(logits.End, label.End)) / 2;
            windows++;
        }

        private static double CrossEntropy(float[] logits, int label)
        {
            double most = logits.Max();
            return most + Math.Log(logits.Sum(logit => Math.Exp(logit - most))) - logits[label];
        }
    }
}
