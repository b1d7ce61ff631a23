using System.Buffers;
using System.Text;

namespace XDistilTorch.Evaluation;

/// <summary>How the official SQuAD scripts make two answers comparable, character for character as Python does it.</summary>
public static class AnswerNormalization
{
    private static readonly SearchValues<char> Punctuation = SearchValues.Create("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>
    /// Lower case, then ASCII punctuation deleted (which joins what it separated), then the words a, an and the dropped, then white space
    /// collapsed to single spaces. "" when nothing is left.
    /// </summary>
    public static string Normalize(string answer)
    {
        var bare = WithoutPunctuation(PythonText.Lower(answer));
        var result = new StringBuilder(bare.Length);
        for (var i = 0; i < bare.Length; )
        {
            var length = PythonText.WordLength(bare, i);
            if (length > 0 && IsArticle(bare.AsSpan(i, length)))
                StartWord(result);
            else if (length > 0)
                result.Append(bare, i, length);
            else if (PythonText.IsWhiteSpace(bare[i]))
                StartWord(result);
            else
                result.Append(bare[i]);
            i += Math.Max(length, 1);
        }
        if (result.Length > 0 && result[^1] == ' ')
            result.Length--;
        return result.ToString();
    }

    /// <summary>The words of a normalised answer; none for "".</summary>
    internal static string[] Words(string normalized) => normalized.Length == 0 ? [] : normalized.Split(' ');

    private static void StartWord(StringBuilder result)
    {
        if (result.Length > 0 && result[^1] != ' ')
            result.Append(' ');
    }

    private static bool IsArticle(ReadOnlySpan<char> word) => word is "a" or "an" or "the";

    private static string WithoutPunctuation(string text)
    {
        if (text.AsSpan().IndexOfAny(Punctuation) < 0)
            return text;
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
            if (!Punctuation.Contains(c))
                kept.Append(c);
        return kept.ToString();
    }
}
