using System.Text;

namespace XDistilTorch.Tokenization;

/// <summary>
/// Canonical decomposition (NFD) from our own tables: the runtime's does nothing where globalization is invariant.
/// </summary>
internal static class CanonicalForm
{
    /// <summary>The text with composed characters taken apart and marks in canonical order; lone surrogates stay.</summary>
    public static string Decompose(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var result = new StringBuilder(text.Length + 16);
        var marks = new List<(int Class, int CodePoint)>();
        Span<int> parts = stackalloc int[8];
        for (int i = 0, units; i < text.Length; i += units)
        {
            units = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            var count = BertNormalizer.Decompose(units == 2 ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i], parts);
            foreach (var part in parts[..count])
            {
                var combining = BertUnicode.CombiningClass(part);
                if (combining == 0)
                    Release(marks, result);
                marks.Add((combining, part));
            }
        }
        Release(marks, result);
        return result.ToString();
    }

    private static void Release(List<(int Class, int CodePoint)> marks, StringBuilder result)
    {
        foreach (var (_, codePoint) in marks.OrderBy(mark => mark.Class)) // stable
            if (codePoint <= char.MaxValue)
                result.Append((char)codePoint);
            else
                result.Append(char.ConvertFromUtf32(codePoint));
        marks.Clear();
    }
}
