using XDistilTorch.Evaluation;

namespace XDistilTorch.Decoding;

/// <summary>The answers seen so far: what reads the same in lower case is one, keeps its first place and adds up.</summary>
internal sealed class PipelineAnswers(string context)
{
    // Below are spans that the reference's -10000 forbids or that underflow in its float32; it lists them only for want of others.
    private const double Smallest = 1e-30;

    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly List<PipelineEntry> entries = [];

    public void Add(TextSpan span, double score, int window)
    {
        var text = Slice(span);
        var key = PythonText.Lower(text);
        if (places.TryGetValue(key, out var place))
        {
            entries[place] = entries[place] with { Score = entries[place].Score + score };
            return;
        }
        places.Add(key, entries.Count);
        entries.Add(
            new PipelineEntry
            {
                Span = span,
                Text = text,
                Score = score,
                Window = window,
            }
        );
    }

    /// <summary>The best, no answer among them; equal scores as they came, no answer last.</summary>
    public PipelineEntry[] Best(int count, double? nullScore)
    {
        var all = entries.Where(entry => entry.Score >= Smallest);
        if (nullScore is { } score)
            all = all.Append(
                new PipelineEntry
                {
                    Span = null,
                    Text = "",
                    Score = score,
                    Window = null,
                }
            );
        return [.. all.OrderByDescending(entry => entry.Score).Take(count)]; // a stable sort
    }

    // As Python slices: never out of range. Only a place in the question (a spelled [CLS]) can lie outside.
    private string Slice(TextSpan span) =>
        span.Start < Math.Min(span.End, context.Length) ? context[span.Start..Math.Min(span.End, context.Length)] : "";
}
