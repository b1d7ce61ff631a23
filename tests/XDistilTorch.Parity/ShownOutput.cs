using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using XDistilTorch.Testing;

namespace XDistilTorch.Parity;

/// <summary>Output as a document shows it: the same words, and decimal numbers that differ by no more than processors do.</summary>
internal static partial class ShownOutput
{
    public static void ShouldBe(string actual, string shown, double tolerance)
    {
        Normalized(actual).Should().Be(Normalized(shown));
        foreach (var (a, b) in Numbers(actual).Zip(Numbers(shown)))
            a.Should().BeApproximately(b, tolerance);
    }

    private static IEnumerable<double> Numbers(string text) =>
        Decimal().Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture));

    private static string Normalized(string text)
    {
        var lines = Decimal()
            .Replace(text.Replace(GoldenFolder.Repository, "...", StringComparison.Ordinal), "#.#")
            .Split('\n')
            .Select(l => l.TrimEnd());
        return string.Join('\n', lines).Trim('\n').Normalize(NormalizationForm.FormC);
    }

    [GeneratedRegex(@"\d+\.\d+(?!\.)")]
    private static partial Regex Decimal();
}
