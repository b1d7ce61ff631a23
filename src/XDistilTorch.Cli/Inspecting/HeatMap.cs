using System.Globalization;
using System.Text;
using Spectre.Console;
using XDistilTorch.Inspection;
using XDistilTorch.Inspection.Attribution;

namespace XDistilTorch.Cli.Inspecting;

/// <summary>Question and text with every token on a ground of its value: blue speaks for the target, orange against it, the stronger the more.</summary>
internal static class HeatMap
{
    private const double Unseen = 0.05;

    private static readonly (int Red, int Green, int Blue) Neutral = (245, 245, 245),
        Positive = (90, 160, 230),
        Negative = (240, 150, 60); // told apart by every kind of colour vision

    /// <summary>The question and the context of the window in Spectre's markup.</summary>
    public static IEnumerable<string> Of(InspectedWindow window, TokenAttribution attribution)
    {
        var most = Enumerable.Range(0, window.Length).Max(i => window.Tokens.SequenceIds[i] < 0 ? 0 : Math.Abs(attribution.Values[i]));
        yield return Of(window, attribution, 0, window.Question, most);
        yield return Of(window, attribution, 1, window.Context, most);
    }

    private static string Of(InspectedWindow window, TokenAttribution attribution, int sequence, string text, double most)
    {
        var markup = new StringBuilder();
        var at = -1;
        for (var i = 0; i < window.Length; i++)
        {
            var place = window.Tokens.Offsets[i];
            if (window.Tokens.SequenceIds[i] != sequence || place.Start < at || place.Length == 0) // tokens may share a place
                continue;
            if (at >= 0)
                markup.Append(Shown(text[at..place.Start]));
            markup.Append(OnGround(Shown(place.Of(text)), most > 0 ? attribution.Values[i] / most : 0));
            at = place.End;
        }
        return markup.ToString();
    }

    private static string OnGround(string shown, double strength)
    {
        if (Math.Abs(strength) < Unseen)
            return shown;
        var end = strength > 0 ? Positive : Negative;
        int Mixed(int from, int to) => (int)Math.Round(from + (to - from) * Math.Abs(strength));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[black on rgb({Mixed(Neutral.Red, end.Red)},{Mixed(Neutral.Green, end.Green)},{Mixed(Neutral.Blue, end.Blue)})]{shown}[/]"
        );
    }

    private static string Shown(string text) => PlainText.OnOneLine(text).EscapeMarkup();
}
