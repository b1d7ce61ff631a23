using System.Runtime.CompilerServices;
using ScottPlot;
using SkiaSharp;

namespace XDistilTorch.Reports.Plots;

/// <summary>
/// The plots' own font: without it text vanishes on a machine that has none, and has other widths on every other one. Latin-1 letters and a few signs.
/// </summary>
internal sealed class PlotFont : IFontResolver
{
    /// <summary>The name that plots ask for: no installed font has it, so that no other one can come between.</summary>
    public const string Name = "XDistilTorch plots";

    /// <summary>The name that Skia writes into the SVG.</summary>
    public const string FamilyInSvg = "DejaVu Sans";

    private PlotFont() { }

    /// <summary>The font file.</summary>
    public static byte[] File { get; } = ReadFile();

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? SKTypeface.FromData(SKData.CreateCopy(File)) : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
        CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);

#pragma warning disable CA2255 // ScottPlot keeps its resolvers in a static list: it must be there before the first plot of whoever asks, and once only
    [ModuleInitializer]
    internal static void Register() => Fonts.FontResolvers.Add(new PlotFont());
#pragma warning restore CA2255

    private static byte[] ReadFile()
    {
        using var resource = typeof(PlotFont).Assembly.GetManifestResourceStream("DejaVuSans-subset.ttf")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
