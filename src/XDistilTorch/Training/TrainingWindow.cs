using XDistilTorch.Windows;

namespace XDistilTorch.Training;

/// <summary>One window with its label, in the least memory: a data set has some hundred thousand.</summary>
/// <param name="Row">Which question it is of, counted from 0.</param>
/// <param name="Ids">Vocabulary ids.</param>
/// <param name="SecondStart">Position of the first token of the second segment.</param>
/// <param name="Label">The answer's tokens.</param>
public sealed record TrainingWindow(int Row, int[] Ids, int SecondStart, TrainingLabel Label)
{
    /// <summary>The part of a window that a model is trained on.</summary>
    public static TrainingWindow Of(int row, TokenWindow window, TrainingLabel label)
    {
        ArgumentNullException.ThrowIfNull(window);
        var second = window.TypeIds.AsSpan().IndexOf(1);
        return new(row, window.Ids, second < 0 ? window.Length : second, label);
    }

    /// <summary>How many tokens.</summary>
    public int Length => Ids.Length;
}
