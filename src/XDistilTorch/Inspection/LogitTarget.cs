using System.Globalization;
using XDistilTorch.Engines;
using static TorchSharp.torch;

namespace XDistilTorch.Inspection;

/// <summary>
/// The number that is explained: a sum of start and end logits of one window, such as the score of a span, that of no answer, or how far one is above the other.
/// </summary>
public sealed record LogitTarget
{
    private readonly (int Position, double Weight)[] starts,
        ends;

    private LogitTarget(string name, (int, double)[] starts, (int, double)[] ends) => (Name, this.starts, this.ends) = (name, starts, ends);

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>The start logit of a token, s[a].</summary>
    public static LogitTarget Start(int position) =>
        new(string.Create(CultureInfo.InvariantCulture, $"start of {position}"), [(position, 1)], []);

    /// <summary>The end logit of a token, e[b].</summary>
    public static LogitTarget End(int position) =>
        new(string.Create(CultureInfo.InvariantCulture, $"end of {position}"), [], [(position, 1)]);

    /// <summary>The score of a span, f = s[a] + e[b].</summary>
    public static LogitTarget Span(TokenSpan span) => new($"span {span}", [(span.First, 1)], [(span.Last, 1)]);

    /// <summary>The score of no answer in this window, f0 = s[0] + e[0].</summary>
    public static LogitTarget Null { get; } = new("no answer", [(0, 1)], [(0, 1)]);

    /// <summary>How far a span's score is above that of no answer, m = f - f0.</summary>
    public static LogitTarget Margin(TokenSpan span) => Span(span).Minus(Null);

    /// <summary>This score minus another one: why this and not that.</summary>
    public LogitTarget Minus(LogitTarget other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LogitTarget(
            $"{Name} minus {other.Name}",
            [.. starts, .. other.starts.Select(term => (term.Position, -term.Weight))],
            [.. ends, .. other.ends.Select(term => (term.Position, -term.Weight))]
        );
    }

    /// <summary>The number, in the graph of the logits.</summary>
    /// <param name="startLogits">[B, S].</param>
    /// <param name="endLogits">[B, S].</param>
    /// <returns>One for each window, [B]; it belongs to the dispose scope around.</returns>
    /// <exception cref="InspectionException">The windows have no such token.</exception>
    public Tensor Of(Tensor startLogits, Tensor endLogits)
    {
        ArgumentNullException.ThrowIfNull(startLogits);
        ArgumentNullException.ThrowIfNull(endLogits);
        Check((int)startLogits.shape[1]);
        using var scope = NewDisposeScope();
        var sum = zeros([startLogits.shape[0]], startLogits.dtype, startLogits.device); // [B]
        foreach (var (position, weight) in starts)
            sum = sum.add(startLogits.select(1, position).mul(weight));
        foreach (var (position, weight) in ends)
            sum = sum.add(endLogits.select(1, position).mul(weight));
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>The number, from logits that have left the model.</summary>
    /// <exception cref="InspectionException">The window has no such token.</exception>
    public double Of(WindowLogits logits)
    {
        Check(logits.Start.Length);
        return starts.Sum(term => logits.Start[term.Position] * term.Weight) + ends.Sum(term => logits.End[term.Position] * term.Weight);
    }

    private void Check(int length)
    {
        foreach (var (position, _) in starts.Concat(ends))
            if (position < 0 || position >= length)
                throw new InspectionException($"{Name}: there is no token {position}; the window has {length}, numbered from 0.");
    }
}
