using System.Globalization;
using XDistilTorch.Data;

namespace XDistilTorch.Evaluation;

/// <summary>The part of a context that an answer is about.</summary>
internal static class ContextExcerpt
{
    private const int Reach = 160;

    /// <summary>Around the gold answer, else around the first of the answers that is there, else the beginning; "..." where it was cut.</summary>
    public static string Of(QuestionRow row, params ReadOnlySpan<string?> answers)
    {
        var context = row.Context;
        var place = (row.Answers ?? []).Select(gold => gold.Span).FirstOrDefault(span => span is not null) ?? First(context, answers);
        var start = Boundary(context, place.Start - Reach);
        var end = Boundary(context, Math.Min(place.End, place.Start + Reach) + Reach);
        return (start > 0 ? "... " : "") + context[start..end].Trim() + (end < context.Length ? " ..." : "");
    }

    private static TextSpan First(string context, ReadOnlySpan<string?> answers)
    {
        foreach (var answer in answers)
            if (!string.IsNullOrEmpty(answer) && context.IndexOf(answer, StringComparison.Ordinal) is var at and >= 0)
                return new TextSpan(at, at + answer.Length);
        return default;
    }

    /// <summary>Where a text may be cut: at the next space, if there is one near; never inside a character.</summary>
    public static int Boundary(string text, int at)
    {
        if (at <= 0 || at >= text.Length)
            return Math.Clamp(at, 0, text.Length);
        var space = text.AsSpan(at, Math.Min(30, text.Length - at)).IndexOf(' ');
        at += Math.Max(space, 0);
        return
            char.IsLowSurrogate(text[at])
            || CharUnicodeInfo.GetUnicodeCategory(text, at) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            ? Boundary(text, at + 1)
            : at;
    }
}
